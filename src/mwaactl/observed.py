"""What an environment is: the answers of S3, CloudFormation and MWAA, and the bucket's releases."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from mwaactl.config.size import EnvironmentSize


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as the bucket has it.

    Attributes:
        key: Key in the bucket.
        etag: Changes with every write under a KMS key, with the content otherwise.
        version_id: Version; None where only a listing was read.
        sha256: Digest that S3 itself keeps of the content; None where it was not asked or is not kept.
        archived: Whether it lies in Glacier, where nobody can read it before it is restored.
    """

    key: str
    etag: str
    version_id: str | None = None
    sha256: str | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class StoredContent:
    """What an object holds.

    Attributes:
        content: The bytes.
        etag: For a conditional write.
        age: Time since it was written, by the clock of S3 itself.
    """

    content: bytes
    etag: str
    age: timedelta


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """A file of a release, as it was when the release was recorded.

    Attributes:
        key: Key in the bucket.
        sha256: Digest of the content, 64 hexadecimal digits.
        etag: ETag of the object; empty where it was not written.
        version_id: The version that holds the content; empty where it was not written.
        size: Length in bytes.
        stage: Its place in the order of writes.
        defines_dag: Whether Airflow should find a DAG in it.
        holds: For an archive of DAGs the digests of the files in it that define them, by what Airflow calls
            these; a digest is empty where the release did not record it.
    """

    key: str
    sha256: str
    etag: str
    version_id: str
    size: int = 0
    stage: int = 0
    defines_dag: bool = False
    holds: Mapping[str, str] = field(default_factory=dict)


class ReleaseState(StrEnum):
    """How far a release came."""

    APPLYING = "applying"
    RELEASED = "released"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Release:
    """One deployment, as `releases/<id>.json` records it.

    Attributes:
        id: Sortable by time, for example `20261123T081500Z-1f3a9c2e`.
        digest: The desired state's digest.
        state: How far it came.
        files: DAG files and artifacts.
        airflow_version: Version that the configuration asked for.
        git_commit: Commit of the working tree, with `-dirty` where it was changed; None outside git.
        who: ARN of the caller.
        when: Moment in UTC, ISO 8601.
        failure: Why it failed.
        restores: Id of the release whose content a rollback brought back; None for a deployment.
        replaces: Id of the release that was current before.
    """

    id: str
    digest: str
    state: ReleaseState
    files: tuple[ReleasedFile, ...]
    airflow_version: str
    git_commit: str | None
    who: str
    when: str
    failure: str | None = None
    restores: str | None = None
    replaces: str | None = None
    _by_key: Mapping[str, ReleasedFile] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {each.key: each for each in self.files})

    def file(self, key: str) -> ReleasedFile | None:
        """Return the file with this key."""
        return self._by_key.get(key)


@dataclass(frozen=True, slots=True)
class ObservedStack:
    """A CloudFormation stack that exists."""

    name: str
    status: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObservedEnvironment:
    """An MWAA environment that exists.

    Attributes:
        status: One of MWAA's twelve statuses.
        airflow_version: Version that runs.
        webserver_hostname: Where the UI is; None while it is being created.
        update_error: Code and message of the last update's error.
        changed_at: When its creation or last update began.
        replacement: How its last update replaced workers; None where MWAA does not tell.
        artifacts: Key and version of the artifacts that it runs, by the names of the stack's parameters; None
            where MWAA was not asked.
        celery_queue: ARN of the queue that hands tasks to its workers; None until MWAA names it.
        size: Class and counts; None where MWAA does not tell all of them.
    """

    name: str
    status: str
    airflow_version: str
    environment_class: str = ""
    arn: str = ""
    webserver_hostname: str | None = None
    webserver_access_mode: str = ""
    update_error: str | None = None
    changed_at: datetime | None = None
    replacement: str | None = None
    artifacts: Mapping[str, str] | None = None
    celery_queue: str | None = None
    size: EnvironmentSize | None = None


@dataclass(frozen=True, slots=True)
class ObservedState:
    """What one environment is at one moment.

    Attributes:
        stacks: Stack name to stack, for those that exist.
        environment: The MWAA environment, if it exists.
        objects: Key to object, for what lies under `dags/` and `artifacts/`.
        current: The release that `releases/current.json` names.
        current_etag: ETag of `releases/current.json`, for the conditional write.
        unfinished: Releases after the current one that were not promoted; what they wrote is ours too.
        overtaken: Releases before the current one that were not promoted; what they wrote late is ours too.
        bucket_exists: Whether there is a source bucket.
        lost: Keys of artifacts whose version in the current release is gone or cannot be read.
    """

    stacks: Mapping[str, ObservedStack] = field(default_factory=dict)
    environment: ObservedEnvironment | None = None
    objects: Mapping[str, StoredObject] = field(default_factory=dict)
    current: Release | None = None
    current_etag: str | None = None
    unfinished: tuple[Release, ...] = ()
    overtaken: tuple[Release, ...] = ()
    bucket_exists: bool = False
    lost: frozenset[str] = frozenset()
    owned_keys: frozenset[str] = field(init=False, repr=False, compare=False)
    """Keys that an earlier release wrote."""

    def __post_init__(self) -> None:
        writers = (*self.releases, *self.overtaken)
        owned = frozenset(file.key for release in writers for file in release.files)
        object.__setattr__(self, "owned_keys", owned)

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases that may have written what is in the bucket: the current one and what began since."""
        return (*((self.current,) if self.current else ()), *self.unfinished)
