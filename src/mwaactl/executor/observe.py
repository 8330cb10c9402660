"""Reads what an environment is, with as few requests as the truth allows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mwaactl.errors import AccessDenied
from mwaactl.executor.release_record import Recorded, read_releases
from mwaactl.observed import ObservedState, StoredObject

if TYPE_CHECKING:
    from mwaactl.config.names import Names
    from mwaactl.desired import DesiredState
    from mwaactl.executor.gateways import Gateways

WORKERS = 8


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


def observe(desired: DesiredState, gateways: Gateways) -> ObservedState:
    """Read stacks, environment, bucket and releases."""
    names = (*desired.foundation_stacks, desired.names.environment_stack)
    with ThreadPoolExecutor(WORKERS) as pool:
        stacks = {name: pool.submit(gateways.stacks.find, name) for name in names}
        environment = pool.submit(gateways.environments.find, desired.names.environment_name)
        found = {name: stack for name, each in stacks.items() if (stack := each.result()) is not None}
        present = environment.result()
        if not gateways.bucket.exists():
            return ObservedState(stacks=found, environment=present)
        recorded = read_releases(gateways.bucket)
        objects = _objects(desired, gateways, recorded, pool)
    return ObservedState(
        found,
        present,
        objects,
        recorded.current,
        recorded.etag,
        recorded.unfinished,
        bucket_exists=True,
    )


def _objects(
    desired: DesiredState, gateways: Gateways, recorded: Recorded, pool: ThreadPoolExecutor
) -> dict[str, StoredObject]:
    """List the bucket, and ask S3 for the checksum of what no release accounts for."""
    listed = {each.key: each for prefix in ("dags/", "artifacts/") for each in gateways.bucket.list(prefix)}
    wanted = {each.key for each in desired.dags} | {each.object.key for each in desired.artifacts}
    unproven = [key for key in wanted & listed.keys() if not _is_proven(listed[key], recorded)]
    described = pool.map(gateways.bucket.describe, unproven)
    return listed | {each.key: each for each in described if each is not None}


def _is_proven(stored: StoredObject, recorded: Recorded) -> bool:
    released = recorded.current.file(stored.key) if recorded.current else None
    return released is not None and released.etag == stored.etag
