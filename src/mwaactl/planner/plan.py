"""The plan: every resource's actions in the order in which they are safe.

Stacks → artifacts → the environment's update → modules → DAGs → deletes → verification → the record. The
environment comes before the DAG files, so that a new DAG never meets an environment without its packages, and
an update which fails leaves everything as it was. A new environment finds its DAG files in the bucket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.catalog.limits import limits
from mwaactl.desired import Layout, WorkerReplacement
from mwaactl.planner.actions import (
    Action,
    CreateStack,
    Plan,
    RecordRelease,
    UpdateParameters,
)
from mwaactl.planner.conflicts import refuse_stuck, refuse_what_cannot_change
from mwaactl.planner.consent import needed_consent
from mwaactl.planner.hardening import plan_reopening
from mwaactl.planner.objects import (
    clashes,
    foreign_keys,
    plan_artifacts,
    plan_dags,
    plan_deletes,
    replaced_artifacts,
)
from mwaactl.planner.stacks import plan_environment_stack, plan_foundations, plan_observability
from mwaactl.planner.verification import plan_await, plan_parsed, plan_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.desired import DesiredState
    from mwaactl.observed import ObservedState, Release
    from mwaactl.planner.actions import DeleteObject, EnvironmentChange, PutObject


def plan(
    desired: DesiredState, observed: ObservedState, replacement: WorkerReplacement | None = None
) -> Plan:
    """Compare what should be with what is.

    Args:
        desired: What should be.
        observed: What is.
        replacement: How an update replaces workers; None leaves it to MWAA's default.

    Raises:
        Conflict: If a stack is busy with another change, or the environment cannot take one.
    """
    refuse_what_cannot_change(desired, observed)
    artifacts = tuple(plan_artifacts(desired, observed))
    change = plan_environment_stack(desired, observed, artifacts, replacement)
    if isinstance(change, UpdateParameters):
        refuse_stuck(observed.stacks[change.stack], desired.names.region)
    dags = tuple(plan_dags(desired, observed))
    deletes = tuple(plan_deletes(desired, observed))
    reopening = tuple(plan_reopening(desired, observed, change))
    before: tuple[Action, ...] = (*plan_foundations(desired, observed), *reopening, *artifacts)
    actions: tuple[Action, ...] = (*before, *_ordered(desired, observed, change, (*dags, *deletes)))
    foreign = foreign_keys(desired, observed)
    notes = (
        *_notes(desired, observed),
        *_patience_notes(change, replacement),
        *_clash_notes(desired, foreign),
    )
    if not actions and _is_released(desired, observed):
        return Plan(desired.names.environment, (), foreign=foreign, notes=notes)
    parsed = plan_parsed(desired, observed, change, dags, deletes)
    record = RecordRelease(desired.digest, observed.current_etag, _record_reason(desired, observed))
    refusals = tuple(needed_consent(desired, observed))
    last = (record,) if parsed is None else (parsed, record)
    return Plan(desired.names.environment, (*actions, *last), refusals, foreign, notes)


def _ordered(
    desired: DesiredState,
    observed: ObservedState,
    change: EnvironmentChange | None,
    written: tuple[PutObject | DeleteObject, ...],
) -> tuple[Action, ...]:
    """Put the environment's change before the DAG files, and its creation after them.

    What watches a new environment is created with it; `cdk deploy` changes it later, at no cost to MWAA.
    """
    possible: tuple[Action | None, ...] = (
        change,
        plan_observability(desired, change),
        plan_await(desired, observed, change),
        plan_requirements(desired, observed, change),
    )
    waiting = tuple(each for each in possible if each is not None)
    return (*written, *waiting) if isinstance(change, CreateStack) else (*waiting, *written)


def _notes(desired: DesiredState, observed: ObservedState) -> Iterator[str]:
    running = observed.environment.airflow_version if observed.environment else desired.airflow_version
    if running != desired.airflow_version:
        # `cdk deploy` brings the version of mwaactl.toml, which need not be the one of an earlier release.
        deploying = f"`npx cdk deploy {desired.names.environment_stack}` changes the version"
        remedy = "a rollback leaves the version as it is" if desired.restores else deploying
        yield f"the environment runs Airflow {running} and this is for {desired.airflow_version}: {remedy}"
    for key in replaced_artifacts(desired, observed):
        yield f"somebody overwrote or deleted `{key}`: the environment keeps the version that it runs"
    yield from _layout_notes(desired, observed)


def _patience_notes(change: EnvironmentChange | None, replacement: WorkerReplacement | None) -> Iterator[str]:
    if change is not None and replacement is WorkerReplacement.GRACEFUL:
        hours = limits().graceful_update_seconds // 3600
        yield f"the update waits for running tasks to end, and the deployment for it: {hours} hours at most"


def _layout_notes(desired: DesiredState, observed: ObservedState) -> Iterator[str]:
    released = observed.current.files if observed.current else ()
    was_archive = any(each.holds for each in released)
    if desired.layout is Layout.ZIP and released and not was_archive:
        yield "the archive takes the place of files, which are deleted after it: the next change is one write"
    if desired.layout is Layout.FILES and was_archive:
        # A rollback has no choice of how the folder lies in the bucket.
        remedy = "" if desired.restores else ": `--zero-window` keeps the archive"
        yield f"the current release is one archive and this one is files{remedy}"


def _clash_notes(desired: DesiredState, foreign: tuple[str, ...]) -> Iterator[str]:
    for file, other in clashes(desired, foreign) if foreign else ():
        which = "Airflow can have only one of them"
        yield f"`{file}` is a file and `{other}` needs a folder of that name: {which}"


def _is_released(desired: DesiredState, observed: ObservedState) -> bool:
    return observed.current is not None and observed.current.digest == desired.digest


def _record_reason(desired: DesiredState, observed: ObservedState) -> str:
    if observed.unfinished:
        return f"release {observed.unfinished[-1].id} was not finished"
    if observed.current is None:
        return "it is the first release"
    if observed.current.digest == desired.digest:
        return "someone changed what the current release wrote"
    if observed.current.airflow_version != desired.airflow_version and _same_files(desired, observed.current):
        return f"the current release is for Airflow {observed.current.airflow_version}"
    return "the current release holds other files"


def _same_files(desired: DesiredState, release: Release) -> bool:
    wanted = (*desired.dags, *(each.object for each in desired.artifacts))
    return {(each.key, each.sha256) for each in wanted} == {(each.key, each.sha256) for each in release.files}
