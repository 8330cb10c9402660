"""Of writers that create the same object at once, one succeeds: a condition holds until it is written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import TYPE_CHECKING, Any, override

import pytest
from moto.core.request import Request
from requests.structures import CaseInsensitiveDict

from mwaactl.emulator.storage.responses import ListingS3Response
from tests.fakes.s3_requests import backend, new_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

MEETING = Barrier(2)
PATIENCE = 0.2


class SlowS3Response(ListingS3Response):
    """Lets another writer come as far as this one is: the condition holds, and nothing is written."""

    @override
    def _complete_multipart_body(self, body: bytes) -> Iterator[tuple[int, str]]:
        with suppress(BrokenBarrierError):
            MEETING.wait(PATIENCE)
        return super()._complete_multipart_body(body)


def upload(bucket: str, content: bytes) -> tuple[str, bytes]:
    """Begin an upload of the key `k`; return the address and the body that complete it."""
    begun = backend().create_multipart_upload(
        bucket, "k", CaseInsensitiveDict(), "STANDARD", {}, None, "", ""
    )
    part = backend().upload_part(bucket, begun.id, 1, content)
    parts = f"<Part><PartNumber>1</PartNumber><ETag>{part.etag}</ETag></Part>"
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
    return f"http://localhost/{bucket}/k?uploadId={begun.id}", body.encode()


def complete(address: str, body: bytes) -> int:
    request = Request.from_primitives("POST", address, {"If-None-Match": "*"}, body)
    answer: Any = SlowS3Response.key_dispatch(request, address, {})
    return int(answer[0])


def test_one_of_two_uploads_that_create_an_object_is_completed() -> None:
    bucket = new_bucket().name
    contents = b"1", b"2"
    uploads = [upload(bucket, each) for each in contents]

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(complete, *zip(*uploads, strict=True)))

    assert sorted(found) == [200, 412]
    stored = backend().get_object(bucket, "k")
    assert stored is not None
    assert stored.value == contents[found.index(200)]


COPYING = Barrier(2)


class SlowCopy(ListingS3Response):
    """Lets another copy come as far as this one is: the conditions hold, and nothing is written."""

    @override
    def _get_lock_details(self, *asked: Any) -> Any:
        with suppress(BrokenBarrierError):
            COPYING.wait(PATIENCE)
        return super()._get_lock_details(*asked)


def send(responses: type[ListingS3Response], method: str, address: str, body: bytes, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    own = {"Authorization": "AWS test:test", "Content-Length": str(len(body))}
    request = Request.from_primitives(method, address, {**own, **named}, body)
    dispatch = responses.key_dispatch if method == "PUT" else responses.ambiguous_dispatch
    answer: Any = dispatch(request, address, {})
    return int(answer[0])


def test_one_of_two_copies_that_create_an_object_succeeds() -> None:
    bucket = new_bucket().name
    contents = b"1", b"2"
    for content in contents:
        backend().put_object(bucket, f"from-{content.decode()}", content)

    def copy(content: bytes) -> int:
        source = {"x_amz_copy_source": f"/{bucket}/from-{content.decode()}"}
        return send(SlowCopy, "PUT", f"http://localhost/{bucket}/k", b"", If_None_Match="*", **source)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(copy, contents))

    assert sorted(found) == [200, 412]
    stored = backend().get_object(bucket, "k")
    assert stored is not None
    assert stored.value == contents[found.index(200)]


LONG_AGO, ONCE = "Thu, 01 Jan 2015 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"x_amz_copy_source_if_match": "ETAG"}, 200),
        ({"x_amz_copy_source_if_match": '"other"'}, 412),
        ({"x_amz_copy_source_if_match": "ETAG", "x_amz_copy_source_if_unmodified_since": LONG_AGO}, 200),
        ({"x_amz_copy_source_if_none_match": "ETAG"}, 412),
        ({"x_amz_copy_source_if_none_match": '"other"'}, 200),
        ({"x_amz_copy_source_if_modified_since": LONG_AGO}, 200),
        ({"x_amz_copy_source_if_modified_since": ONCE}, 412),
        ({"x_amz_copy_source_if_unmodified_since": LONG_AGO}, 412),
        ({"x_amz_copy_source_if_unmodified_since": ONCE}, 200),
        ({"If_Match": "ETAG"}, 200),
        ({"If_Match": '"other"'}, 412),
        ({"If_None_Match": "*"}, 412),
    ],
)
def test_a_copy_is_made_where_its_conditions_hold(conditions: dict[str, str], status: int) -> None:
    bucket = new_bucket().name
    backend().put_object(bucket, "from", b"1")
    etag = backend().put_object(bucket, "k", b"1").etag
    headers = {name: value.replace("ETAG", etag) for name, value in conditions.items()}
    address, source = f"http://localhost/{bucket}/k", f"/{bucket}/from"

    assert send(ListingS3Response, "PUT", address, b"", x_amz_copy_source=source, **headers) == status


def test_a_copy_over_an_object_that_is_not_there_finds_none() -> None:
    bucket = new_bucket().name
    backend().put_object(bucket, "from", b"1")
    address, source = f"http://localhost/{bucket}/k", f"/{bucket}/from"

    assert send(ListingS3Response, "PUT", address, b"", x_amz_copy_source=source, If_Match='"1"') == 404
    assert backend().get_object(bucket, "k") is None


def test_what_is_deleted_with_others_is_not_written_over_under_a_condition() -> None:
    bucket = new_bucket(versioned=False).name
    etag = backend().put_object(bucket, "k", b"1").etag
    inside, deleted = Event(), Event()

    class SlowPut(ListingS3Response):
        @override
        def _get_lock_details(self, *asked: Any) -> Any:
            inside.set()
            deleted.wait(PATIENCE)
            return super()._get_lock_details(*asked)

    def put() -> int:
        return send(SlowPut, "PUT", f"http://localhost/{bucket}/k", b"2", If_Match=etag)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(put)
        assert inside.wait(10)
        body = b"<Delete><Object><Key>k</Key></Object></Delete>"
        assert send(ListingS3Response, "POST", f"http://localhost/{bucket}?delete", body) == 200
        deleted.set()

    assert writing.result() == 200
    assert backend().get_object(bucket, "k") is None


@pytest.mark.parametrize(("etag", "status"), [(None, 200), ('"other"', 412)])
def test_a_part_is_copied_of_the_very_object_that_was_found(etag: str | None, status: int) -> None:
    bucket = new_bucket().name
    found = backend().put_object(bucket, "from", b"1").etag
    address, _ = upload(bucket, b"0")
    source = {"x_amz_copy_source": f"/{bucket}/from", "x_amz_copy_source_if_match": etag or found}

    assert send(ListingS3Response, "PUT", f"{address}&partNumber=2", b"", **source) == status
