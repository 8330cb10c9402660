"""Plans how a deployment is verified: the environment available, its packages installed, its DAGs parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.desired import ArtifactKind, DesiredState
from mwaactl.planner.actions import (
    AwaitAvailable,
    AwaitParsed,
    CreateStack,
    DeleteObject,
    PutObject,
    VerifyRequirements,
)
from mwaactl.planner.statuses import Meaning, meaning_of

if TYPE_CHECKING:
    from mwaactl.observed import ObservedState
    from mwaactl.planner.actions import EnvironmentChange


def plan_await(
    desired: DesiredState,
    observed: ObservedState,
    change: EnvironmentChange | None,
) -> AwaitAvailable | None:
    """Wait where the environment changes with this plan, or changes already."""
    name = desired.names.environment_name
    if change is not None:
        verb = "created" if isinstance(change, CreateStack) else "updated"
        return AwaitAvailable(name, f"the environment is being {verb}")
    present = observed.environment
    if present is not None and meaning_of(present.status) is Meaning.BUSY:
        return AwaitAvailable(name, f"the environment is {present.status}")
    return None


def plan_requirements(
    desired: DesiredState,
    observed: ObservedState,
    change: EnvironmentChange | None,
) -> VerifyRequirements | None:
    """Read pip's log where the environment installs requirements anew, or no release says that it could."""
    wanted = next((each.object for each in desired.artifacts if each.kind is ArtifactKind.REQUIREMENTS), None)
    if wanted is None:
        return None
    recorded = observed.current.file(wanted.key) if observed.current else None
    if change is None and recorded is not None and recorded.sha256 == wanted.sha256:
        return None
    return VerifyRequirements(desired.names.environment_name, "MWAA only logs a failure of pip")


def plan_parsed(
    desired: DesiredState,
    observed: ObservedState,
    change: EnvironmentChange | None,
    uploads: tuple[PutObject, ...],
    deletes: tuple[DeleteObject, ...],
) -> AwaitParsed | None:
    """Wait for changed files that define DAGs; for all of them when something they may use changed.

    Without such a file there is nothing that Airflow parses, and nothing to wait for.
    What a deployment that was not finished wrote just before this one counts as changed too.
    """
    written = frozenset(each.key for each in uploads)
    called = {each.key: each.holds or (each.key,) for each in desired.dags if each.defines_dag}
    dags = desired.dag_files
    if not dags:
        return None
    changed = dags
    if not isinstance(change, CreateStack):
        changed = tuple(name for key, names in called.items() if key in written for name in names)
    shared = bool(written - called.keys()) or bool(deletes) or change is not None
    affected = shared or bool(observed.unfinished)
    others = tuple(name for name in dags if name not in changed) if affected else ()
    if not changed and not affected:
        # Nothing is to be written, and yet no release says that Airflow has parsed what is there.
        changed = dags
    # A file of an archive may be as it was while a module beside it is not: its source is no proof.
    archived = tuple(name for each in desired.dags for name in each.holds if name in changed)
    known = tuple(name for each in desired.dags for name in (each.key, *each.holds))
    return AwaitParsed(
        changed, (*others, *archived), known, "a release counts only when Airflow has parsed it"
    )
