"""Reads what an environment is, with as few requests as the truth allows."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from mwaactl.aws.failures import is_unreadable_object
from mwaactl.errors import AccessDenied, ServiceError
from mwaactl.executor.background import side_by_side
from mwaactl.executor.survey import survey
from mwaactl.observed import ObservedState
from mwaactl.planner.objects import DAG_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.config.names import Names
    from mwaactl.desired import DesiredState
    from mwaactl.executor.gateways import Bucket, Gateways
    from mwaactl.executor.release_record import Recorded
    from mwaactl.executor.survey import Survey
    from mwaactl.observed import Release, StoredObject

WORKERS = 16


def verify_account(names: Names, gateways: Gateways) -> str:
    """Return the caller's ARN.

    Args:
        names: Of the environment; they hold the account that it belongs to.
        gateways: To the AWS of the caller's credentials.

    Raises:
        AccessDenied: If the credentials belong to another account than the configuration says.
    """
    caller = gateways.identity.caller()
    if caller.account == names.account:
        return caller.arn
    message = (
        f"`{names.environment}` belongs to account {names.account}, "
        f"and the credentials to account {caller.account}"
    )
    raise AccessDenied(
        message,
        service="sts",
        operation="GetCallerIdentity",
        error_code="WrongAccount",
        hint="choose other credentials, for example with AWS_PROFILE, or another environment with `-e`",
        context={"caller": caller.arn},
    )


def observe(desired: DesiredState, gateways: Gateways, surveyed: Survey | None = None) -> ObservedState:
    """Read stacks, environment, bucket and releases.

    Args:
        desired: Which objects matter.
        gateways: Every way out.
        surveyed: What was read ahead, if it was.
    """
    seen = surveyed or survey(desired.names, gateways)
    if seen.recorded is None:
        return ObservedState(stacks=seen.stacks, environment=seen.environment)
    described = _described(desired, gateways.bucket, seen.listed, seen.recorded)
    return ObservedState(
        seen.stacks,
        seen.environment,
        {**seen.listed, **described} if described else seen.listed,
        seen.recorded.current,
        seen.recorded.etag,
        seen.recorded.unfinished,
        seen.recorded.overtaken,
        bucket_exists=True,
        lost=_lost(desired, gateways.bucket, seen.listed, seen.recorded.current),
    )


def _described(
    desired: DesiredState, bucket: Bucket, listed: Mapping[str, StoredObject], recorded: Recorded
) -> dict[str, StoredObject]:
    """Ask S3 for the checksum of what no release accounts for."""
    wanted = chain((each.key for each in desired.dags), (each.object.key for each in desired.artifacts))
    unproven = [key for key in wanted if key in listed and not _is_proven(listed[key], recorded)]
    found = side_by_side(lambda key: _describe(bucket, key), unproven, WORKERS)
    return {each.key: each for each in found if each is not None}


def _describe(bucket: Bucket, key: str) -> StoredObject | None:
    """Return an object with its checksum, and nothing for a DAG file that is kept from us."""
    try:
        return bucket.describe(key)
    except ServiceError as error:
        # Whoever did that wrote it, so that it is written again; for an artifact that would cost an update.
        if not (key.startswith(DAG_PREFIX) and is_unreadable_object(error)):
            raise
        return None


def _lost(
    desired: DesiredState, bucket: Bucket, listed: Mapping[str, StoredObject], current: Release | None
) -> frozenset[str]:
    """Return the artifacts whose recorded version nobody can read; asked where it is not the present one."""
    files = (current.file(each.object.key) for each in desired.artifacts) if current else ()
    pinned = [file for file in files if file is not None and file.version_id]
    moved = [file for file in pinned if file.key not in listed or listed[file.key].etag != file.etag]
    found = ((file.key, bucket.describe(file.key, file.version_id)) for file in moved)
    return frozenset(key for key, stored in found if stored is None or stored.archived)


def _is_proven(stored: StoredObject, recorded: Recorded) -> bool:
    released = recorded.current.file(stored.key) if recorded.current else None
    return released is not None and released.etag == stored.etag
