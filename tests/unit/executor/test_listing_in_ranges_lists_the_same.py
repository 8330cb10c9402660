from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, override

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mwaactl.errors import AccessDenied
from mwaactl.executor.listing import RANGES, list_in_ranges
from mwaactl.observed import ReleasedFile, StoredObject
from tests.fakes.in_memory_aws import FakeClock, InMemoryBucket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = 3

# Few letters, so that keys that are there, that were there and that only begin like them meet often.
KEYS = st.text("ab/é\U0001f680", max_size=4).map(lambda rest: f"dags/{rest}")


@dataclass(slots=True)
class PagedBucket(InMemoryBucket):
    """Gives a listing page by page, as S3 does, and counts the pages."""

    pages: int = 0
    counting: Lock = field(default_factory=Lock)

    @override
    def list(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
        found = [key for key in sorted(self.objects) if key.startswith(prefix) and key > after]
        for start in range(0, max(len(found), 1), PAGE):
            with self.counting:
                self.pages += 1
            for key in found[start : start + PAGE]:
                yield StoredObject(key, self.objects[key].etag)


def files(keys: Iterable[str], etag: str = "e1") -> dict[str, ReleasedFile]:
    return {key: ReleasedFile(key, "0" * 64, etag, "v1") for key in keys}


def bucket_with(keys: Iterable[str]) -> PagedBucket:
    bucket = PagedBucket(FakeClock())
    for key in keys:
        bucket.put(key, b"content")
    return bucket


@given(st.sets(KEYS, max_size=40), st.sets(KEYS, max_size=40), st.sampled_from(['"e1"', '"e2"']))
@example(set(), set(), '"e1"')
@example({"dags/a"}, {"dags/a", "dags/b", "dags/c"}, '"e1"')
def test_what_is_listed_does_not_depend_on_what_was_expected(
    present: set[str], known: set[str], etag: str
) -> None:
    bucket = bucket_with({*present, "artifacts/plugins.zip", "releases/current.json"})

    listed = list(list_in_ranges(bucket, "dags/", files({*known, "artifacts/plugins.zip"}, etag), page=PAGE))

    assert listed == list(bucket.list("dags/"))


@pytest.mark.parametrize("count", [1, PAGE, PAGE + 1, PAGE * RANGES, PAGE * RANGES + 1, PAGE * 100])
def test_a_bucket_as_expected_takes_no_page_more(count: int) -> None:
    bucket = bucket_with(f"dags/{number:04}" for number in range(count))
    list(bucket.list("dags/"))
    plain, bucket.pages = bucket.pages, 0

    listed = list(list_in_ranges(bucket, "dags/", files(bucket.objects), page=PAGE))

    assert len(listed) == count
    assert bucket.pages == plain


def test_a_range_that_cannot_be_listed_fails_the_listing() -> None:
    class Refusing(PagedBucket):
        @override
        def list(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
            if after:
                message = "the caller may not list"
                raise AccessDenied(
                    message, service="s3", operation="ListObjectsV2", error_code="AccessDenied"
                )
            yield from PagedBucket.list(self, prefix)

    bucket = Refusing(FakeClock())
    for number in range(10):
        bucket.put(f"dags/{number}", b"content")

    with pytest.raises(AccessDenied):
        list(list_in_ranges(bucket, "dags/", files(bucket.objects), page=PAGE))
