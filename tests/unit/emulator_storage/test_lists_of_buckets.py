"""What a bucket lists, held against what moto makes of the same bucket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

from mwaactl.emulator.storage.models import PolicyKeepingS3Backend
from mwaactl.emulator.storage.responses import ListingS3Response
from tests.fakes.s3_requests import backend, listed, new_bucket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moto.s3.models import FakeBucket

ours = partial(listed, ListingS3Response)
motos = partial(listed, S3Response)

names = st.lists(st.text("ab/ &<>%+é'\"\n", min_size=1, max_size=5), unique=True, max_size=12)
prefixes = st.sampled_from(["", "a", "a/", "%", "b/a", "é", "none"])
delimiters = st.sampled_from(["", "/", "a", "//"])
EXAMPLES = settings(max_examples=25, deadline=None)
pages = st.integers(1, 5)


def bucket_of(keys: Sequence[str], deleted: Sequence[str] = ()) -> FakeBucket:
    """Make a bucket whose versions are a second apart; of every other key there are two."""
    bucket, begin = new_bucket(), datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # as moto has it
    for number, key in enumerate([*keys, *keys[::2]]):
        made = backend().put_object(bucket.name, key, f"{key}{number}".encode())
        made.last_modified = begin + timedelta(seconds=number)
        made.checksum_algorithm = "SHA256" if number % 2 else None
    for number, key in enumerate(deleted):
        backend().delete_object(bucket.name, key)
        bucket.keys[key].last_modified = begin + timedelta(days=1, seconds=number)
    return bucket


def forget(bucket: FakeBucket) -> None:
    for version in chain.from_iterable(each for _, each in bucket.keys.lists()):
        if isinstance(version, FakeKey):
            version.dispose()
    bucket.keys.clear()
    backend().delete_bucket(bucket.name)


def all_pages(ask: Any, bucket: str, token: str = "", **asked: Any) -> list[dict[str, Any]]:
    told = ask(bucket, "ListObjectsV2", **asked, **({"continuation_token": token} if token else {}))
    following = told.pop("NextContinuationToken", "")
    told.pop("ContinuationToken", None)
    assert told["IsTruncated"] is bool(following)
    return [told, *(all_pages(ask, bucket, following, **asked) if following else [])]


@EXAMPLES
@given(
    names, prefixes, delimiters, pages, st.sampled_from([{}, {"fetch_owner": "true"}, {"start_after": "a"}])
)
def test_pages_of_the_second_version_are_what_botocore_reads_of_moto(
    keys: list[str], prefix: str, delimiter: str, page: int, more: dict[str, str]
) -> None:
    bucket = bucket_of(keys)
    asked: dict[str, Any] = {"prefix": prefix, "delimiter": delimiter, "max_keys": page, **more}

    assert all_pages(ours, bucket.name, **asked) == all_pages(motos, bucket.name, **asked)

    forget(bucket)


@EXAMPLES
@given(names, prefixes, st.data())
def test_deleted_objects_are_listed_as_moto_lists_them(
    keys: list[str], prefix: str, data: st.DataObject
) -> None:
    bucket = bucket_of(keys, data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else [])

    assert ours(bucket.name, "ListObjectsV2", prefix=prefix) == motos(
        bucket.name, "ListObjectsV2", prefix=prefix
    )
    told = ours(bucket.name, "ListObjectVersions", prefix=prefix)
    assert without_checksums(told) == motos(bucket.name, "ListObjectVersions", prefix=prefix, encoding=None)

    forget(bucket)


def without_checksums(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out what moto does not tell of versions, or in the first version of the list."""
    lists = {"Versions", "Contents"} & told.keys()
    plain = {
        each: [{n: v for n, v in one.items() if n != "ChecksumAlgorithm"} for one in told[each]]
        for each in lists
    }
    return {
        name: value for name, value in {**told, **plain}.items() if name not in {"EncodingType", "Marker"}
    }


@EXAMPLES
@given(names, prefixes, pages)
def test_first_version_of_the_list_leads_to_all_keys(keys: list[str], prefix: str, page: int) -> None:
    bucket = bucket_of(keys)
    whole = motos(bucket.name, "ListObjects", prefix=prefix, encoding=None)
    found, marker, more = list[dict[str, Any]](), "", True

    while more:
        told = ours(bucket.name, "ListObjects", prefix=prefix, max_keys=page, marker=marker)
        found += told.get("Contents", [])
        marker, more = found[-1]["Key"] if found else "", told["IsTruncated"]

    assert without_checksums({"Contents": found})["Contents"] == whole.get("Contents", [])

    forget(bucket)


@EXAMPLES
@given(names, prefixes, delimiters, pages, st.data())
def test_pages_of_versions_are_the_whole(
    keys: list[str], prefix: str, delimiter: str, page: int, data: st.DataObject
) -> None:
    bucket = bucket_of(keys, data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else [])
    asked = {"prefix": prefix, "delimiter": delimiter}
    whole = ours(bucket.name, "ListObjectVersions", **asked)
    moto = motos(bucket.name, "ListObjectVersions", **asked, encoding=None)
    parts: list[dict[str, Any]] = [{"NextKeyMarker": "", "IsTruncated": True}]

    while parts[-1]["IsTruncated"]:
        version = parts[-1].get("NextVersionIdMarker", "")
        marker = {"key_marker": parts[-1]["NextKeyMarker"], "version_id_marker": version}
        parts.append(ours(bucket.name, "ListObjectVersions", **asked, **marker, max_keys=page))

    for name in ("Versions", "DeleteMarkers", "CommonPrefixes"):
        assert [one for part in parts for one in part.get(name, [])] == whole.get(name, [])
        assert without_checksums(whole).get(name, []) == moto.get(name, [])

    forget(bucket)


def test_common_prefixes_count_in_a_page_of_the_first_version() -> None:
    bucket = bucket_of(["a/1", "a/2", "b", "c/1", "d"])

    first = ours(bucket.name, "ListObjects", delimiter="/", max_keys=2)
    second = ours(bucket.name, "ListObjects", delimiter="/", max_keys=2, marker=first["NextMarker"])

    assert ([each["Prefix"] for each in first["CommonPrefixes"]], keys_of(first)) == (["a/"], ["b"])
    assert ([each["Prefix"] for each in second["CommonPrefixes"]], keys_of(second)) == (["c/"], ["d"])
    assert (first["IsTruncated"], second["IsTruncated"]) == (True, False)


@pytest.mark.parametrize("operation", ["ListObjects", "ListObjectsV2"])
def test_prefix_with_nothing_but_delete_markers_is_not_listed(operation: str) -> None:
    bucket = bucket_of(["a/1", "b/1"], deleted=["a/1"])

    assert ours(bucket.name, operation, delimiter="/")["CommonPrefixes"] == [{"Prefix": "b/"}]


def test_versions_of_the_same_moment_are_listed_in_the_order_of_writing() -> None:
    bucket = new_bucket()
    made = [backend().put_object(bucket.name, "k", content) for content in (b"1", b"2", b"3")]
    for each in made:
        each.last_modified = made[0].last_modified

    versions = ours(bucket.name, "ListObjectVersions")["Versions"]

    assert [each["VersionId"] for each in versions] == [each.version_id for each in reversed(made)]
    assert [each["IsLatest"] for each in versions] == [True, False, False]


def test_only_key_of_a_marker_without_version_is_left_out_with_all_its_versions() -> None:
    bucket = bucket_of(["a", "b", "c"])

    versions = ours(bucket.name, "ListObjectVersions", key_marker="a")["Versions"]

    assert [(each["Key"], each["IsLatest"]) for each in versions] == [("b", True), ("c", True), ("c", False)]


@pytest.mark.parametrize("operation", ["ListObjects", "ListObjectsV2", "ListObjectVersions"])
def test_page_without_room_is_empty_and_the_last(operation: str) -> None:
    bucket = bucket_of(["a"])

    told = ours(bucket.name, operation, max_keys=0)

    assert (told["IsTruncated"], told["MaxKeys"]) == (False, 0)
    assert not {"Contents", "Versions", "CommonPrefixes"} & told.keys()


def test_page_has_a_thousand_keys_at_most() -> None:
    bucket = bucket_of([f"{number:04}" for number in range(1001)])

    told = ours(bucket.name, "ListObjectsV2", max_keys=5000)

    assert (told["MaxKeys"], told["KeyCount"], told["IsTruncated"]) == (1000, 1000, True)


@pytest.mark.parametrize("character", list("&<>\r\"'"))
def test_names_that_are_not_encoded_are_read_as_they_are(character: str) -> None:
    bucket = bucket_of([f"a{character}b"])

    for operation in ("ListObjects", "ListObjectsV2"):
        assert keys_of(ours(bucket.name, operation, encoding=None)) == [f"a{character}b"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"max_keys": "many"}, "Provided max-keys not an integer or within integer range"),
        ({"max_keys": "-1"}, "Argument maxKeys must be an integer between 0 and 2147483647"),
        ({"continuation_token": "none"}, "The continuation token provided is incorrect"),
        ({"continuation_token": "ä"}, "The continuation token provided is incorrect"),
        ({"continuation_token": ""}, "The continuation token provided is incorrect"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, str], message: str) -> None:
    bucket = bucket_of(["a"])

    assert ours(bucket.name, "ListObjectsV2", **asked)["Error"] == {
        "Code": "InvalidArgument",
        "Message": message,
    }


def test_lists_are_answered_by_us_where_moto_looks_for_addresses() -> None:
    paths: dict[str, Any] = {**PolicyKeepingS3Backend("us-east-1", "123456789012").flask_paths}

    assert len(paths) == 5
    assert {handler.__self__ for handler in paths.values()} == {ListingS3Response}


def keys_of(told: dict[str, Any]) -> list[str]:
    return [each["Key"] for each in told["Contents"]]
