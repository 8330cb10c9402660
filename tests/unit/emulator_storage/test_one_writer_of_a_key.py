"""Of writers that create the same object at once, one succeeds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import TYPE_CHECKING, Any, override

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
