"""Carries out a plan: interprets its actions in order, under the lock, and records the release last."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from mwaactl.errors import ApplyError, MwaactlError
from mwaactl.executor.availability import await_available
from mwaactl.executor.changes import Changes
from mwaactl.executor.events import Detail, Finished, Started
from mwaactl.executor.journal import Journal
from mwaactl.executor.object_changes import delete_object, put_object
from mwaactl.executor.parameter_values import parameter_values
from mwaactl.executor.parsing import DEADLINE
from mwaactl.executor.stack_changes import create_stacks, update_stack
from mwaactl.executor.uploads import Uploads
from mwaactl.executor.verification import Verification
from mwaactl.planner.actions import (
    AwaitAvailable,
    AwaitParsed,
    CreateStack,
    DeleteObject,
    PutObject,
    RecordRelease,
    RestoreArtifacts,
    UpdateParameters,
    VerifyRequirements,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from mwaactl.desired import DesiredState
    from mwaactl.executor.events import Listener
    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.lock.session import LockSession
    from mwaactl.observed import ObservedState, Release, StoredObject
    from mwaactl.planner.actions import Action, Plan

LEFT = "the process ends when the uploads under way are answered; another Ctrl-C ends it at once"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What carrying out a plan brought about.

    Attributes:
        release: The recorded release; None if the plan was empty or nothing was verified.
        actions: The actions carried out.
        verified: Whether Airflow has parsed the release.
    """

    release: Release | None
    actions: tuple[Action, ...]
    verified: bool


@dataclass(slots=True)
class Executor:
    """Carries out one plan.

    Attributes:
        desired: What the plan leads to.
        observed: What the plan was made from.
        gateways: Every way out.
        lock: Keeps other deployments out from the first write to the bucket on.
        read: Gives the content for a key, and refuses if it is no longer what was planned.
        log_groups: Where components log the installation of requirements.
        release: The release as it begins: id, who, when, commit; its files are filled in by the journal.
        listener: Told what happens.
        deadline: How long to wait for Airflow to parse.
    """

    desired: DesiredState
    observed: ObservedState
    gateways: Gateways
    lock: LockSession
    read: Callable[[str], bytes]
    log_groups: tuple[str, ...]
    release: Release
    listener: Listener
    deadline: timedelta = DEADLINE
    changes: Changes = field(default_factory=Changes)
    _journal: Journal = field(init=False)
    _verification: Verification = field(init=False)
    _left: bool = False

    def __post_init__(self) -> None:
        self._journal = Journal(self.release, self.desired, self.observed, self.changes)
        self._verification = Verification(
            desired=self.desired,
            observed=self.observed,
            gateways=self.gateways,
            changes=self.changes,
            when=self.release.when,
            on_detail=self._detail,
            deadline=self.deadline,
        )

    @property
    def has_begun(self) -> bool:
        """Whether anything may have been written."""
        return self._journal.begun or bool(self.changes.done)

    def apply(self, plan: Plan, *, wait: bool = True) -> Outcome:
        """Carry out a plan.

        Args:
            plan: Made from `desired` and `observed`.
            wait: Whether to wait for the environment and for Airflow. Without it nothing is verified, and so
                no release is recorded; the next deployment does both.

        Raises:
            ApplyError: If an action fails; it names the action and what was done before.
        """
        chosen = plan.actions if wait else tuple(each for each in plan.actions if _is_write(each))
        for kind, group in groupby(chosen, key=type):
            actions = list(group)
            try:
                self._prepare(kind, chosen)
                self._carry_out(kind, actions)
            except MwaactlError as error:
                raise self._failed(error, actions) from error
            except BaseException as end:
                self._record_end(interrupted=isinstance(end, KeyboardInterrupt))
                raise
        recorded = any(isinstance(each, RecordRelease) for each in self.changes.done)
        return Outcome(
            self._journal.release if recorded else None, tuple(self.changes.done), verified=recorded
        )

    def _prepare(self, kind: type[Action], chosen: Sequence[Action]) -> None:
        """Take the lock and begin the record before the first write that they can be there for."""
        if self._journal.begun:
            self.lock.check()
            return
        if kind is CreateStack and not self.observed.bucket_exists:
            return
        stack = self.desired.names.environment_stack
        self.gateways = self.lock.fenced(self.release, self.observed, stack)
        self._verification.gateways = self.gateways
        if any(isinstance(each, AwaitParsed) for each in chosen):
            self._verification.note_present_failures()
        self._journal.begin(self.gateways.bucket)

    def _carry_out(self, kind: type[Action], actions: list[Action]) -> None:
        """Create stacks together and upload together; everything else is carried out one by one."""
        if kind is CreateStack:
            self._timed(actions, lambda: self._create([a for a in actions if isinstance(a, CreateStack)]))
        elif kind is PutObject:
            self._upload([each for each in actions if isinstance(each, PutObject)])
        else:
            for action in actions:
                self._timed([action], partial(self._single, action))

    def _timed(self, actions: Sequence[Action], work: Callable[[], None]) -> None:
        begun = time.monotonic()
        for action in actions:
            self.listener(Started(action))
        work()
        for action in actions:
            self.changes.done.append(action)
            self.listener(Finished(action, time.monotonic() - begun))

    def _single(self, action: Action) -> None:
        match action:
            case UpdateParameters():
                self.changes.note_write(self.gateways.now(), shared=True)
                if not update_stack(action, self.changes.stored, self.gateways):
                    self._detail(f"stack {action.stack} needs no update")
            case RestoreArtifacts():
                self.changes.note_write(self.gateways.now(), shared=True)
                values = parameter_values(action.parameters, self.changes.stored)
                self.gateways.environments.give_artifacts(action.environment, values)
            case AwaitAvailable(environment=name):
                self._await_available(name)
            case VerifyRequirements():
                self._verification.verify_requirements(self.log_groups)
            case DeleteObject():
                delete_object(self.gateways.bucket, action, self.gateways.sleep)
                self.changes.note_write(self.gateways.now(), shared=True)
            case AwaitParsed():
                self._verification.await_parsed(action, self.read)
            case RecordRelease(replaces_etag=etag):
                self._journal.finish(self.gateways.bucket, etag, self.gateways.sleep)
            case CreateStack() | PutObject():
                message = f"{type(action).__name__} is carried out in groups"
                raise AssertionError(message)
            case _:
                assert_never(action)

    def _create(self, actions: Sequence[CreateStack]) -> None:
        self.changes.written = self.changes.written or self.gateways.now()
        create_stacks(actions, self.changes.stored, self.gateways, self.listener)
        name = self.desired.names.environment_stack
        self.changes.created = self.changes.created or any(each.stack == name for each in actions)

    def _await_available(self, name: str) -> None:
        stack = self.desired.names.environment_stack
        changed = stack if self.changes.has_changed(stack) else None
        await_available(name, changed, self._verification.since, self.gateways, self._detail)

    def _upload(self, actions: list[PutObject]) -> None:
        begun = time.monotonic()

        def note(action: PutObject, stored: StoredObject) -> None:
            self.changes.stored[action.key] = stored
            self.changes.done.append(action)
            self.listener(Started(action))
            self.listener(Finished(action, time.monotonic() - begun))

        bucket, elapsed, sleep = self.gateways.bucket, self.gateways.elapsed, self.gateways.sleep

        def write(action: PutObject) -> StoredObject:
            return put_object(bucket, action, self.read(action.key), sleep)

        def wait(answers: int) -> None:
            self._detail(f"interrupted: uploads that are still waited for: {answers}")

        Uploads(write, note, bucket.throttled, elapsed, sleep, wait, self._leave).upload(actions)
        dags = {each.key for each in self.desired.dags if each.defines_dag}
        self.changes.note_write(self.gateways.now(), shared=any(each.key not in dags for each in actions))

    def _failed(self, error: MwaactlError, actions: Sequence[Action]) -> ApplyError:
        self._record_failure(error.message)
        told = error if isinstance(error, ApplyError) else None
        return ApplyError(
            error.message,
            action=actions[0],
            results=tuple(self.changes.done),
            hint=told.remedy if told else error.hint,
            meanwhile=told.meanwhile if told else None,
            code=error.code,
            context=error.context,
        )

    def _leave(self) -> None:
        """Leave lock and record as they are: something may be written yet, and others must know."""
        self._left = True
        self.lock.leave()
        self.listener(Detail(LEFT, lasting=True))

    def _record_end(self, *, interrupted: bool) -> None:
        if not self._left:
            why = "it was interrupted" if interrupted else "it ended unexpectedly"
            self._record_failure(why, on_its_way=interrupted)

    def _record_failure(self, why: str, *, on_its_way: bool = False) -> None:
        try:
            self._journal.fail(self.gateways.bucket, why, on_its_way=on_its_way)
        except MwaactlError as error:
            # The deployment's own failure is what the user has to hear of.
            self._detail(f"the failure could not be recorded: {error.message}")

    def _detail(self, text: str) -> None:
        self.listener(Detail(text))


def _is_write(action: Action) -> bool:
    return isinstance(action, CreateStack | PutObject | UpdateParameters | RestoreArtifacts | DeleteObject)
