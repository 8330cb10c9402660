"""Keeps a plan in a file, and holds a deployment to it."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from mwaactl.errors import DeploymentConflict, ProjectError
from mwaactl.project.requirements.storage import replace_file
from mwaactl.report.plans import kept_plan, moved_since

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mwaactl.cli.deployment import Deployment


def write_plan(path: Path, deployment: Deployment) -> None:
    """Write the plan of a deployment; a file is complete or as it was.

    Raises:
        ProjectError: If it cannot be written, or would take the place of something else.
    """
    text = json.dumps(_kept(deployment), indent=2) + "\n"
    try:
        _refuse_other_content(path)
        if path.is_file() or not path.exists():
            path.parent.resolve(strict=True)
            replace_file(path.resolve(), text.encode())
        else:  # A file in place of a device or a pipe would take it from everybody who uses it.
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"the plan cannot be kept in `{path}`: {error.strerror}"
        raise ProjectError(message, hint="name another file with `--out`", code="plan.unwritable") from error


def _refuse_other_content(path: Path) -> None:
    """Keep a slip of the hand from writing over a file of the project."""
    if not path.is_file() or not path.stat().st_size:
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or "format" not in found:
        message = f"the plan cannot be kept in `{path}`: the file holds something else"
        raise ProjectError(message, hint="name another file with `--out`", code="plan.unwritable")


def read_plan(path: Path, flags: Sequence[str] = ()) -> Any:  # noqa: ANN401  whatever stands there
    """Return what a plan file holds; that it is a plan shows when it is compared.

    Args:
        path: Where the plan is kept.
        flags: The options that it is to be made with.

    Raises:
        ProjectError: If there is no such file, or it cannot be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"there is no plan `{path}`"
        hint = f"make one with `{_making(path, flags)}`"
        raise ProjectError(message, hint=hint, code="plan.absent") from error
    except (OSError, ValueError, RecursionError) as error:
        raise _no_plan(path) from error


def refuse_other_plan(path: Path, kept: Any, deployment: Deployment) -> None:  # noqa: ANN401  as it was read
    """Refuse a deployment that would do something else than a kept plan.

    Args:
        path: Where the plan is kept.
        kept: What stands there.
        deployment: What would be deployed.

    Raises:
        DeploymentConflict: If project or environment have moved since; the message says what differs.
        ProjectError: If the file is no plan.
    """
    try:
        now = _kept(deployment)
        differing = moved_since(kept, now)
        hint = _way_on(path, kept, now) if differing else ""
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_plan(path) from error
    if differing is None:
        return
    message = f"the plan in `{path}` no longer holds: {differing}"
    raise DeploymentConflict(message, hint=hint, code="plan.moved")


def _way_on(path: Path, kept: dict[str, Any], now: dict[str, Any]) -> str:
    """Return what carries a kept plan out that is for another call, or what makes another plan."""
    other = {name for name in ("format", "environment", "options") if kept.get(name) != now[name]}
    if not other or "format" in other:
        return f"look at the present plan with `{_making(path, now['options'])}`, then deploy that one"
    place = kept["environment"] if "environment" in other else None
    present, command = _making(path, now["options"]), _deploying(path, place, kept["options"])
    return f"make another one with `{present}`, or carry out what it was made for with `{command}`"


def _no_plan(path: Path) -> ProjectError:
    message = f"`{path}` is not a plan of `mwaactl plan --out`"
    return ProjectError(message, hint="plan again with `--out`", code="plan.unreadable")


def _making(path: Path, flags: Sequence[str] = ()) -> str:
    """Return the command that keeps the present plan there, for a shell."""
    words = (word for flag in flags for word in flag.split())
    return shlex.join(("mwaactl", "plan", "--out", str(path), *words))


def carrying_out(path: Path, deployment: Deployment, environment: str | None) -> str:
    """Return the command that carries a kept plan out, for a shell.

    Args:
        path: Where the plan is kept.
        deployment: What it was made from.
        environment: As it was named; None for the default one.
    """
    return _deploying(path, environment, deployment.flags)


def _deploying(path: Path, environment: str | None, flags: Sequence[str]) -> str:
    chosen = ("-e", environment) if environment else ()
    words = (word for flag in flags for word in flag.split())
    return shlex.join(("mwaactl", "deploy", *chosen, "--plan", str(path), *words))


def _kept(deployment: Deployment) -> dict[str, Any]:
    names, current = deployment.environment.names, deployment.observed.current
    return kept_plan(
        deployment.plan,
        names,
        deployment.flags,
        deployment.desired.digest,
        current.id if current else None,
    )
