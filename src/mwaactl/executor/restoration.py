"""What a rollback leads to: the content of an earlier release, from the versions that the bucket keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaactl.aws.archived_objects import restore_command
from mwaactl.desired import ArtifactKind, DesiredArtifact, DesiredObject, DesiredState, Layout
from mwaactl.errors import OperationError
from mwaactl.executor.background import side_by_side
from mwaactl.planner.actions import PutObject
from mwaactl.project.bundle import PLUGINS_KEY, REQUIREMENTS_KEY, STARTUP_KEY
from mwaactl.project.dags_zip import content_within
from mwaactl.project.reading import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import Release, ReleasedFile, StoredObject
    from mwaactl.planner.actions import Plan

WORKERS = 8
_KINDS = {
    PLUGINS_KEY: ArtifactKind.PLUGINS,
    REQUIREMENTS_KEY: ArtifactKind.REQUIREMENTS,
    STARTUP_KEY: ArtifactKind.STARTUP_SCRIPT,
}


def state_of(release: Release, environment: EnvironmentConfig) -> DesiredState:
    """Return the state that a release was made for, its artifacts with the versions that it recorded."""
    dags = tuple(_object(each) for each in release.files if each.key not in _KINDS)
    artifacts = tuple(
        DesiredArtifact(_KINDS[each.key], _object(each, version_id=each.version_id))
        for each in release.files
        if each.key in _KINDS
    )
    layout = Layout.ZIP if any(each.holds for each in dags) else Layout.FILES
    return DesiredState(
        environment.names,
        release.airflow_version,
        dags,
        artifacts,
        layout,
        builds_network=environment.network.vpc is None,
        restores=True,
    )


@dataclass(frozen=True, slots=True)
class Restoration:
    """Gives the content of an earlier release.

    Attributes:
        release: The release.
        bucket: Keeps its versions.
        archives: Archives that were read already, by key.
    """

    release: Release
    bucket: Bucket
    archives: dict[str, bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes:
        """Return the content that a key had in the release, or a file of an archive of it.

        Raises:
            OperationError: If the version is gone, or holds something else.
        """
        archive = next((each for each in self.release.files if key in each.holds), None)
        if archive is not None:
            return content_within(archive.key, self._archive(archive.key), key)
        file = self.release.file(key)
        found = self.bucket.read(key, file.version_id) if file and file.version_id else None
        if file is None or found is None:
            raise self._gone([key])
        if sha256_of(found.content) != file.sha256:
            message = f"version {file.version_id} of `{key}` is not what release {self.release.id} recorded"
            hint = "choose another release: `mwaactl release list`"
            raise OperationError(message, hint=hint, code="release.tampered")
        return found.content

    def _archive(self, key: str) -> bytes:
        if key not in self.archives:
            self.archives[key] = self.read(key)
        return self.archives[key]

    def refuse_if_gone(self, plan: Plan) -> None:
        """Make sure that every version which a plan needs can be read, before anything is written.

        Raises:
            OperationError: If one is gone, or lies in an archive; the message names it.
        """
        needed = [each for each in self._needed(plan) if each.version_id]
        found = side_by_side(lambda each: self.bucket.describe(each.key, each.version_id), needed, WORKERS)
        if gone := [each.key for each, stored in zip(needed, found, strict=True) if stored is None]:
            raise self._gone(gone)
        if archived := [stored for stored in found if stored and stored.archived]:
            raise self._archived(archived)

    def _needed(self, plan: Plan) -> Iterator[ReleasedFile]:
        written = {each.key for each in plan.actions if isinstance(each, PutObject)}
        return (each for each in self.release.files if each.key in written or each.key in _KINDS)

    def _gone(self, keys: list[str]) -> OperationError:
        more = f" (and {len(keys) - 1} more)" if len(keys) > 1 else ""
        message = f"release {self.release.id} cannot be restored: its version of `{keys[0]}` is gone{more}"
        others = "choose a newer release from `mwaactl release list`"
        hint = f"the bucket's lifecycle rules have deleted it: {others}{self._from_git()}"
        return OperationError(message, hint=hint, code="release.gone")

    def _from_git(self) -> str:
        """Tell where the DAG files of the release are still, if git has all that was deployed."""
        commit = self.release.git_commit
        clean = commit is not None and not commit.endswith("-dirty")
        return f", or deploy what `git checkout {commit}` brings" if clean else ""

    def _archived(self, stored: Sequence[StoredObject]) -> OperationError:
        more = f" (and {len(stored) - 1} more)" if len(stored) > 1 else ""
        first = stored[0]
        message = (
            f"release {self.release.id} cannot be restored: its version of `{first.key}` is archived{more}"
        )
        commands = [restore_command(self.bucket.name, each.key, each.version_id) for each in stored]
        others = ", and the others as `--json` tells" if len(stored) > 1 else ""
        hint = (
            f"bring it back with `{commands[0]}`{others}, which takes hours, or choose a newer release from "
            "`mwaactl release list`"
        )
        context = {"restore": "\n".join(commands)}
        return OperationError(message, hint=hint, code="release.archived", context=context)


def _object(file: ReleasedFile, *, version_id: str | None = None) -> DesiredObject:
    return DesiredObject(
        file.key,
        file.sha256,
        file.size,
        file.stage,
        defines_dag=file.defines_dag,
        version_id=version_id,
        holds=file.holds,
    )
