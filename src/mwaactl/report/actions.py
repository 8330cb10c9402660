"""Actions in words, the same for a plan and for the progress of carrying it out."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, assert_never

from mwaactl.planner.actions import (
    Action,
    AwaitAvailable,
    AwaitParsed,
    CreateStack,
    DeleteObject,
    PutObject,
    RecordRelease,
    RestoreArtifacts,
    StackParameter,
    UpdateParameters,
    VerifyRequirements,
    VersionOf,
)

FEW_OBJECTS = 5
_VERBS: Mapping[type[Action], str] = MappingProxyType(
    {
        CreateStack: "create",
        PutObject: "upload",
        UpdateParameters: "update",
        RestoreArtifacts: "update",
        AwaitAvailable: "await",
        AwaitParsed: "await",
        VerifyRequirements: "verify",
        DeleteObject: "delete",
        RecordRelease: "record",
    }
)


def verb_of(action: Action) -> str:
    """Return what an action does, in one word."""
    return _VERBS[type(action)]


def subject_of(action: Action) -> str:
    """Return what an action is about."""
    match action:
        case CreateStack(stack=stack) | UpdateParameters(stack=stack):
            return f"stack {stack}"
        case PutObject(key=key) | DeleteObject(key=key):
            return key
        case AwaitAvailable(environment=name) | RestoreArtifacts(environment=name):
            return f"environment {name}"
        case VerifyRequirements(environment=name):
            return f"requirements of {name}"
        case AwaitParsed(changed=changed, dependent=dependent):
            return f"parsing of {count_of(len({*changed, *dependent}), 'DAG file')}"
        case RecordRelease():
            return "release"
        case _:
            assert_never(action)


def action_data(action: Action) -> dict[str, Any]:
    """Return an action as JSON values."""
    data: dict[str, Any] = {"action": verb_of(action), "subject": subject_of(action), "reason": action.reason}
    match action:
        case PutObject():
            data |= {"key": action.key, "sha256": action.sha256, "size": action.size}
            data |= {"change": change_of(action), "replaces": action.replaces}
        case CreateStack() | UpdateParameters():
            data |= {
                "stack": action.stack,
                "parameters": {each.name: _value(each) for each in action.parameters},
            }
        case RestoreArtifacts():
            data |= {"parameters": {each.name: _value(each) for each in action.parameters}}
        case DeleteObject():
            data |= {"key": action.key, "etag": action.etag}
        case AwaitParsed():
            data |= {"changed": list(action.changed), "dependent": list(action.dependent)}
        case AwaitAvailable() | VerifyRequirements() | RecordRelease():
            pass
        case _:
            assert_never(action)
    return data


def change_of(action: PutObject) -> str:
    """Return whether an upload creates the object or changes it."""
    return "create" if action.replaces is None else "change"


def count_of(number: int, noun: str) -> str:
    """Return for example `1 file` or `3 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _value(parameter: StackParameter) -> str | None:
    return None if isinstance(parameter.value, VersionOf) else parameter.value


def written_lines(actions: Sequence[PutObject | DeleteObject]) -> list[str]:
    """Return the lines that tell of objects written: each by its key if they are few, else their number."""
    uploads = [action for action in actions if isinstance(action, PutObject)]
    deletes = [action for action in actions if isinstance(action, DeleteObject)]
    if len(actions) <= FEW_OBJECTS:
        return [f"{verb_of(action):<6} {action.key}" for action in actions]
    lines = []
    if uploads:
        size = sum(action.size for action in uploads)
        lines.append(f"upload {count_of(len(uploads), 'object')}, {size:,} bytes")
    if deletes:
        lines.append(f"delete {count_of(len(deletes), 'object')}")
    return lines
