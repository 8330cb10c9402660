"""S3's answers to what a bucket lists, made in one pass.

They are AWS's where moto differs: a page counts common prefixes too, a prefix with nothing but delete markers
is not listed, and all names are encoded if the request wants that. And PutObject, CopyObject, DeleteObject
and CompleteMultipartUpload with a condition are one step: moto looks at the condition and then writes, so
that of two writers at once both would win.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

from contextlib import ExitStack
from threading import RLock
from typing import TYPE_CHECKING, Any, override

from moto.s3.exceptions import MethodNotAllowed
from moto.s3.models import FakeKey, FakeTableStorageBucket
from moto.s3.responses import S3Response

from mwaactl.emulator.storage.copy_conditions import check_copy, check_source
from mwaactl.emulator.storage.list_query import ListQuery, token_of
from mwaactl.emulator.storage.listing import common_prefix, entries, following, present, version_page
from mwaactl.emulator.storage.listing_xml import document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.storage.listing import ListedVersion, Versions
    from mwaactl.emulator.storage.listing_xml import Value

type Answer = tuple[int, dict[str, Any], str]

_OWNER = {"DisplayName": "webfile", "ID": "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"}


_WRITING = tuple(RLock() for _ in range(64))
"""Each key has one of them, by its hash."""


class ListingS3Response(S3Response):
    """moto's S3 with lists of our own, and with one writer of a key at a time."""

    def put_object(self) -> Any:  # noqa: ANN401 - moto's answer
        """Answer PutObject."""
        with self._writing():
            return super().put_object()

    def delete_object(self) -> Any:  # noqa: ANN401 - moto's answer
        """Answer DeleteObject."""
        with self._writing():
            return super().delete_object()

    def copy_object(self) -> Any:  # noqa: ANN401 - moto's answer
        """Answer CopyObject."""
        with self._writing():
            check_copy(self.headers, self.backend, self.bucket_name, self.parse_key_name())
            return super().copy_object()

    def upload_part_copy(self) -> Any:  # noqa: ANN401 - moto's answer
        """Answer UploadPartCopy."""
        check_source(self.headers, self.backend)
        return super().upload_part_copy()

    @override
    def _bucket_response_delete_keys(self, *asked: Any, **named: Any) -> Any:
        """Answer DeleteObjects, which may delete any key."""
        with ExitStack() as held:
            for lock in _WRITING:
                held.enter_context(lock)
            return super()._bucket_response_delete_keys(*asked, **named)

    @override
    def _key_response_post(self, *asked: Any, **named: Any) -> Any:
        """Answer CompleteMultipartUpload, and what else is posted to a key."""
        with self._writing():
            return super()._key_response_post(*asked, **named)

    def _writing(self) -> RLock:
        return _WRITING[hash((self.bucket_name, self.parse_key_name())) % len(_WRITING)]

    def list_objects(self) -> Answer:
        """Answer ListObjects."""
        query = self._query()
        marker = query.asked.get("marker", "")
        told, next_after = self._page(query, marker, owner=True)
        if next_after is not None and query.delimiter:
            told["NextMarker"] = query.encoded(next_after)
        return self._answer("ListBucketResult", {**told, "Marker": query.encoded(marker)})

    def list_objects_v2(self) -> Answer:
        """Answer ListObjectsV2."""
        query = self._query()
        token, start = query.asked.get("continuation-token"), query.asked.get("start-after")
        after = query.continued_after or start or ""
        told, next_after = self._page(query, after, owner=query.asked.get("fetch-owner") == "true")
        told["KeyCount"] = len(told["Contents"]) + len(told["CommonPrefixes"])
        told["ContinuationToken"] = token
        if start and not token:
            told["StartAfter"] = query.encoded(start)
        if next_after is not None:
            told["NextContinuationToken"] = token_of(next_after)
        return self._answer("ListBucketResult", told)

    def list_object_versions(self) -> Answer:
        """Answer ListObjectVersions."""
        query = self._query()
        marker, version = query.asked.get("key-marker", ""), query.asked.get("version-id-marker", "")
        page = version_page(self._keys(), query.prefix, query.delimiter, (marker, version), query.max_keys)
        told: dict[str, Any] = {
            **self._common(query, page.last is not None),
            "KeyMarker": query.encoded(marker),
            "VersionIdMarker": version,
            "CommonPrefixes": [{"Prefix": query.encoded(each)} for each in page.prefixes],
        }
        if page.last is not None:
            told["NextKeyMarker"], told["NextVersionIdMarker"] = query.encoded(page.last[0]), page.last[1]
        for name, markers in (("Version", False), ("DeleteMarker", True)):
            some = [each for each in page.versions if isinstance(each.stored, FakeKey) is not markers]
            told[name] = [_version(each, query) for each in some]
        return self._answer("ListVersionsResult", told)

    def _page(self, query: ListQuery, after: str, *, owner: bool) -> tuple[dict[str, Any], str | None]:
        """Return keys and common prefixes after a name, and the last of them if there are more."""
        found = present(self._keys(), query.prefix)
        left = following(entries(found, query.prefix, query.delimiter), after)
        page = left[: query.max_keys]
        prefixes = [each for each in page if common_prefix(each, query.prefix, query.delimiter)]
        keys = page if not prefixes else sorted({*page} - {*prefixes})
        truncated = len(left) > len(page) > 0
        owned: dict[str, Value] = {"Owner": _OWNER} if owner else {}
        told = {
            **self._common(query, truncated),
            "Contents": [{**_described(found[name], query), **owned} for name in keys],
            "CommonPrefixes": [{"Prefix": query.encoded(each)} for each in prefixes],
        }
        return told, page[-1] if truncated else None

    def _common(self, query: ListQuery, truncated: bool) -> dict[str, Any]:  # noqa: FBT001
        return {
            "Name": self.bucket_name,
            "Prefix": query.encoded(query.prefix),
            "Delimiter": query.encoded(query.delimiter) if query.delimiter else None,
            "MaxKeys": query.max_keys,
            "EncodingType": query.encoding,
            "IsTruncated": truncated,
        }

    def _query(self) -> ListQuery:
        asked = self._get_querystring(self.request, self.uri)
        return ListQuery({name: values[0] for name, values in asked.items()})

    def _keys(self) -> Mapping[str, Versions]:
        """Return what the bucket holds now, whatever others write meanwhile."""
        bucket = self.backend.get_bucket(self.bucket_name)
        if isinstance(bucket, FakeTableStorageBucket):
            raise MethodNotAllowed
        return dict(bucket.keys)

    def _answer(self, root: str, told: Mapping[str, Value]) -> Answer:
        return 200, dict(self.response_headers), document(root, told)


def _described(key: FakeKey, query: ListQuery) -> dict[str, Value]:
    return {
        "Key": query.encoded(key.name),
        "LastModified": key.last_modified_ISO8601,
        "ETag": key.etag,
        "ChecksumAlgorithm": key.checksum_algorithm,
        "Size": key.size,
        "StorageClass": key.storage_class,
    }


def _version(listed: ListedVersion, query: ListQuery) -> dict[str, Value]:
    stored = listed.stored
    described: dict[str, Value] = (
        _described(stored, query)
        if isinstance(stored, FakeKey)
        else {"Key": query.encoded(stored.name), "LastModified": stored.last_modified_ISO8601}
    )
    return {**described, "VersionId": stored.version_id, "IsLatest": listed.is_latest, "Owner": _OWNER}
