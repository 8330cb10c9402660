"""Writes and deletes one object of a release, only while it is still what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import Conflict, DeploymentConflict, NotFound
from mwaactl.executor.conditional_write import delete_if, write_if

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import StoredObject
    from mwaactl.planner.actions import DeleteObject, PutObject


def put_object(
    bucket: Bucket, action: PutObject, content: bytes, sleep: Callable[[float], None]
) -> StoredObject:
    """Write an object over what was observed.

    Raises:
        DeploymentConflict: If someone else has written it since.
    """
    try:
        return write_if(bucket, action.key, content, action.replaces, sleep)
    except (Conflict, NotFound) as error:
        raise _changed(action.key) from error


def delete_object(bucket: Bucket, action: DeleteObject, sleep: Callable[[float], None]) -> None:
    """Delete an object while it is what was observed; one that is gone already is fine.

    Raises:
        DeploymentConflict: If someone else has written it since.
    """
    try:
        delete_if(bucket, action.key, action.etag, sleep)
    except Conflict as error:
        raise _changed(action.key) from error


def _changed(key: str) -> DeploymentConflict:
    message = f"`{key}` was changed by someone else while this deployment ran"
    hint = "run the command again: it compares with what is there now"
    return DeploymentConflict(message, hint=hint, code="deploy.object-changed")
