"""The DAGs folder of the bucket, mirrored to disk: MWAA's own way of taking up DAGs.

MWAA copies the folder every 30 seconds, all file types, with its hierarchy, and deletes what is gone.
https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-dag-folder.html
"""

from __future__ import annotations

import errno
import logging
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from threading import Event, Thread
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mwaactl.emulator.runtime.reparsing import Reparsing
from mwaactl.emulator.settings import COPYING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

_log = logging.getLogger(__name__)
# What the disk says of a file where a folder of that name holds others.
_NO_PLACE = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.EISDIR, errno.ENOTDIR})
_ARCHIVED = "InvalidObjectState"


class DagSync:
    """Mirrors one prefix of one bucket into one folder.

    Args:
        s3: A boto3 S3 client.
        bucket: The source bucket.
        prefix: The DAGs path without leading or trailing slash; may be empty.
        folder: Where the files go; nothing outside is ever written or deleted.
    """

    def __init__(self, s3: S3Client, bucket: str, prefix: str, folder: Path) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._folder = folder
        self._etags: dict[str, str] = {}
        self._reparsing = Reparsing(folder)
        self._stop = Event()
        self._thread: Thread | None = None
        self._synced_at: datetime | None = None
        self._error: str | None = None

    @property
    def synced_at(self) -> datetime | None:
        """When the folder was last in step with the bucket; None before the first time."""
        return self._synced_at

    @property
    def error(self) -> str | None:
        """Why the latest sync failed; None if it did not."""
        return self._error

    def sync(self) -> bool:
        """Bring the folder up to date once and tell whether anything changed.

        Raises:
            ClientError: If the bucket can't be listed or an object can't be read.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        listed = dict(self._list())
        gone = [path for path in self._files() if path not in listed]
        differing = [path for path, etag in listed.items() if self._differs(path, etag)]
        for path in gone:
            self._delete(path)
        changed = [path for path in differing if self._is_fetched(path)]
        self._etags = {
            path: etag for path, etag in listed.items() if self._etags.get(path) == etag or path in changed
        }
        if self._synced_at is not None:  # at first Airflow parses everything anyway
            self._reparsing.note(changed, gone)
        self._synced_at, self._error = datetime.now(tz=UTC), None
        return bool(gone or changed)

    def start(self, interval: float) -> None:
        """Go on syncing every `interval` seconds in a thread until `stop`."""
        self._stop.clear()
        self._thread = Thread(
            target=self._run, args=(interval,), name=f"dag-sync-{self._bucket}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the thread; the folder stays as it is."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None

    def _run(self, interval: float) -> None:
        while not self._stop.wait(interval):
            try:
                self.sync()
                # What imports the changed files is parsed when nobody can doubt that they are copied.
                self._reparsing.touch(interval + COPYING)
            except (ClientError, BotoCoreError, OSError) as error:
                self._error = str(error)
                _log.warning("could not sync DAGs from s3://%s/%s: %s", self._bucket, self._prefix, error)

    def _list(self) -> Iterator[tuple[str, str]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        for entry in (entry for page in pages for entry in page.get("Contents", ())):
            relative = entry["Key"].removeprefix(self._prefix)
            if _is_safe(relative):
                yield relative, entry["ETag"]
            elif relative and not relative.endswith("/"):
                _log.warning(
                    "passed over s3://%s/%s: not a path below the DAGs folder", self._bucket, entry["Key"]
                )

    def _files(self) -> list[str]:
        # Python writes its bytecode beside the DAGs; that is not from the bucket and not to be deleted.
        found = (path for path in self._folder.rglob("*") if path.is_file() or path.is_symlink())
        relative = (path.relative_to(self._folder) for path in found)
        return [path.as_posix() for path in relative if "__pycache__" not in path.parts]

    def _differs(self, path: str, etag: str) -> bool:
        return self._etags.get(path) != etag or not (self._folder / path).is_file()

    def _is_fetched(self, path: str) -> bool:
        """Copy a file; one that has no place on the disk, or lies in an archive, keeps no others back."""
        try:
            self._fetch(path)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _ARCHIVED:
                raise
            why = str(error)
        except OSError as error:
            if error.errno not in _NO_PLACE:
                raise
            why = "another object needs a folder of that name"
        else:
            return True
        _log.warning("passed over s3://%s/%s%s: %s", self._bucket, self._prefix, path, why)
        return False

    def _fetch(self, path: str) -> None:
        content = self._s3.get_object(Bucket=self._bucket, Key=f"{self._prefix}{path}")["Body"].read()
        target = self._folder / path
        self._make_way(target)
        handle, temporary = tempfile.mkstemp(
            prefix=f".{self._folder.name}.incoming-", dir=self._folder.parent
        )
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(target)
        target.chmod(0o644)

    def _make_way(self, target: Path) -> None:
        """Turn what was a file and is a folder now (or the reverse) into what the bucket says."""
        for parent in reversed(target.relative_to(self._folder).parents[:-1]):
            if (self._folder / parent).is_symlink() or (self._folder / parent).is_file():
                (self._folder / parent).unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir() and not target.is_symlink():
            with suppress(OSError):
                (target / "__pycache__").rmdir()
            target.rmdir()

    def _delete(self, path: str) -> None:
        target = self._folder / path
        target.unlink(missing_ok=True)
        with suppress(OSError):  # a folder that still holds something stays
            while (target := target.parent) != self._folder and not any(target.iterdir()):
                target.rmdir()


def _is_safe(relative: str) -> bool:
    path = PurePosixPath(relative)
    plain = (
        not path.is_absolute() and ".." not in path.parts and "\\" not in relative and "\0" not in relative
    )
    return bool(relative) and not relative.endswith("/") and plain and path.as_posix() == relative
