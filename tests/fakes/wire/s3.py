"""S3's REST API in front of a bucket in memory, as far as mwaactl uses it, and strict where S3 is.

Conditional requests: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from email.utils import format_datetime
from threading import Lock
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from mwaactl.errors import Conflict, NotFound
from tests.fakes.wire.requests import WireAnswer, WireRequest

if TYPE_CHECKING:
    from mwaactl.observed import StoredObject
    from tests.fakes.in_memory_aws import InMemoryBucket

PAGE = 1000


@dataclass(slots=True)
class WireS3:
    """Answers for one bucket.

    Attributes:
        name: The bucket's name.
        owner: The account that it belongs to.
    """

    bucket: InMemoryBucket
    name: str
    owner: str
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, request: WireRequest) -> WireAnswer:
        with self._lock:
            if not self.bucket.present or request.path.split("/")[1] != self.name:
                return error(404, "NoSuchBucket", "The specified bucket does not exist")
            if request.headers.get("x-amz-expected-bucket-owner") != self.owner:
                return error(403, "AccessDenied", "Access Denied")
            return self._answer(request)

    def _answer(self, request: WireRequest) -> WireAnswer:
        match request.method:
            case "PUT":
                return self._put(request)
            case "DELETE":
                return self._delete(request)
            case _ if request.key:
                return self._get(request)
            case "HEAD":
                return WireAnswer()
            case _:
                return self._list(request)

    def _put(self, request: WireRequest) -> WireAnswer:
        told = request.headers.get("x-amz-checksum-sha256", "")
        if base64.b64decode(told) != hashlib.sha256(request.body).digest():
            return error(400, "BadDigest", "The SHA256 you specified did not match what we received")
        present = self.bucket.objects.get(request.key)
        if (wanted := request.headers.get("if-match")) and present is None:
            return error(404, "NoSuchKey", "The specified key does not exist.")
        try:
            if wanted is not None or "if-none-match" in request.headers:
                stored = self.bucket.put_if(request.key, request.body, wanted)
            else:
                stored = self.bucket.put(request.key, request.body)
        except Conflict:
            return PRECONDITION_FAILED
        return WireAnswer(headers=_head(stored))

    def _delete(self, request: WireRequest) -> WireAnswer:
        try:
            if etag := request.headers.get("if-match"):
                self.bucket.delete_if(request.key, etag)
            elif request.key in self.bucket.objects:
                self.bucket.delete(request.key)
        except NotFound:
            return error(404, "NoSuchKey", "The specified key does not exist.")
        except Conflict:
            return PRECONDITION_FAILED
        return WireAnswer(204, headers={"x-amz-delete-marker": "true"})

    def _get(self, request: WireRequest) -> WireAnswer:
        present = self.bucket.objects.get(request.key)
        wanted = request.query.get("versionId") or (present.version_id if present else None)
        if (request.key, wanted) not in self.bucket.history:
            return error(404, "NoSuchKey", "The specified key does not exist.")
        stored, content, moment = self.bucket.history[request.key, wanted]
        headers = {**_head(stored), "Last-Modified": format_datetime(moment, usegmt=True)}
        return WireAnswer(body=content, headers=headers)

    def _list(self, request: WireRequest) -> WireAnswer:
        after = request.query.get("continuation-token") or request.query.get("start-after", "")
        found = list(self.bucket.list(request.query.get("prefix", ""), after=after))
        page, more = found[:PAGE], len(found) > PAGE
        contents = "".join(_listed(each) for each in page)
        token = f"<NextContinuationToken>{escape(page[-1].key)}</NextContinuationToken>" if more else ""
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{self.name}</Name><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"<KeyCount>{len(page)}</KeyCount>{token}{contents}</ListBucketResult>"
        )
        return WireAnswer(body=body.encode(), headers={"Content-Type": "application/xml"})


def error(status: int, code: str, message: str) -> WireAnswer:
    """Return an error as S3 writes it."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return WireAnswer(status, body.encode(), {"Content-Type": "application/xml"})


PRECONDITION_FAILED = error(
    412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
)


def _head(stored: StoredObject) -> dict[str, str]:
    digest = stored.sha256 or ""
    return {
        "ETag": stored.etag,
        "x-amz-version-id": stored.version_id or "",
        "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(digest)).decode(),
        "x-amz-meta-sha256": digest,
    }


def _listed(stored: StoredObject) -> str:
    return f"<Contents><Key>{escape(stored.key)}</Key><ETag>{escape(stored.etag)}</ETag></Contents>"
