"""Carries out a plan: interprets its actions in order, and records the release last.

A record with the state `applying` is written before the first object, so that a deployment which dies leaves
behind what it may have written; a failure turns it into `failed`. Neither is promoted: the next plan finds
the files by their checksums and goes on from there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from mwaactl.airflow_api.connect import connect
from mwaactl.errors import ApplyError, MwaactlError
from mwaactl.executor.availability import await_available
from mwaactl.executor.cdk_progress import progress_of
from mwaactl.executor.events import Detail, Finished, Listener, Started
from mwaactl.executor.parameter_values import parameter_values
from mwaactl.executor.parsing import ParsingWatch, await_parsed
from mwaactl.executor.release_files import released_files
from mwaactl.executor.release_record import promote, write_release
from mwaactl.executor.requirements_log import verify_requirements
from mwaactl.executor.uploads import upload
from mwaactl.observed import ReleaseState
from mwaactl.planner.actions import (
    AwaitAvailable,
    AwaitParsed,
    CreateStack,
    DeleteObject,
    PutObject,
    RecordRelease,
    UpdateParameters,
    VerifyRequirements,
)
from mwaactl.planner.statuses import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.airflow_api.values import ParseFailure
    from mwaactl.desired import DesiredState
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import ObservedState, Release, ReleasedFile, StoredObject
    from mwaactl.planner.actions import Action, Plan


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
        read: Gives the content for a key, and refuses if it is no longer what was planned.
        log_groups: Where components log the installation of requirements.
        release: The release as it begins: id, who, when, commit; its files are filled in here.
        listener: Told what happens.
    """

    desired: DesiredState
    observed: ObservedState
    gateways: Gateways
    read: Callable[[str], bytes]
    log_groups: tuple[str, ...]
    release: Release
    listener: Listener
    _stored: dict[str, StoredObject] = field(default_factory=dict)
    _done: list[Action] = field(default_factory=list)
    _begun: bool = False
    _created: bool = False
    _written: datetime | None = None
    _shared: datetime | None = None
    _before: tuple[ParseFailure, ...] = ()

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
        if any(isinstance(each, AwaitParsed) for each in chosen):
            self._before = self._present_failures()
        for kind, group in groupby(chosen, key=type):
            actions = list(group)
            try:
                self._carry_out(kind, actions)
            except MwaactlError as error:
                raise self._failed(error, actions) from error
        recorded = any(isinstance(each, RecordRelease) for each in self._done)
        return Outcome(self.release if recorded else None, tuple(self._done), verified=recorded)

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
            self._done.append(action)
            self.listener(Finished(action, time.monotonic() - begun))

    def _single(self, action: Action) -> None:
        match action:
            case UpdateParameters():
                self._update(action)
            case AwaitAvailable():
                stack = self._changed_stack()
                await_available(action.environment, stack, self._since, self.gateways, self._detail)
            case VerifyRequirements():
                self._verify_requirements()
            case DeleteObject(key=key):
                self._begin()
                self.gateways.bucket.delete(key)
                self._written = self._shared = self.gateways.now()
            case AwaitParsed():
                self._await_parsed(action)
            case RecordRelease():
                self._record(action)
            case CreateStack() | PutObject():
                message = f"{type(action).__name__} is carried out in groups"
                raise AssertionError(message)
            case _:
                assert_never(action)

    def _create(self, actions: Sequence[CreateStack]) -> None:
        since = self.gateways.now()
        self._written = self._written or since
        parameters = {
            each.stack: parameter_values(each.parameters, self._stored) for each in actions if each.parameters
        }
        try:
            self.gateways.cdk.deploy(tuple(each.stack for each in actions), parameters, self._tell_cdk)
        except ApplyError as error:
            reasons = [
                f"stack `{each.stack}` failed: {reason}"
                for each in actions
                for reason in self.gateways.stacks.failures(each.stack, since)[:1]
            ]
            if not reasons:
                raise
            raise ApplyError(reasons[0], hint=error.hint, code=error.code, context=error.context) from error
        self._created = self._created or any(
            each.stack == self.desired.names.environment_stack for each in actions
        )

    def _changed_stack(self) -> str | None:
        stack = self.desired.names.environment_stack
        changes = (each for each in self._done if isinstance(each, CreateStack | UpdateParameters))
        return stack if any(each.stack == stack for each in changes) else None

    def _update(self, action: UpdateParameters) -> None:
        self._begin()
        self._written = self._shared = self.gateways.now()
        values = parameter_values(action.parameters, self._stored)
        if not self.gateways.stacks.update_parameters(action.stack, values):
            self._detail(f"stack {action.stack} needs no update")

    def _upload(self, actions: list[PutObject]) -> None:
        self._begin()
        begun = time.monotonic()

        def note(action: PutObject, stored: StoredObject) -> None:
            self._stored[action.key] = stored
            self._done.append(action)
            self.listener(Started(action))
            self.listener(Finished(action, time.monotonic() - begun))

        upload(self.gateways.bucket, actions, self.read, note)
        self._written = self.gateways.now()
        dags = {each.key for each in self.desired.dags if each.defines_dag}
        if any(each.key not in dags for each in actions):
            self._shared = self._written

    def _verify_requirements(self) -> None:
        environment = self.gateways.environments.find(self.desired.names.environment_name)
        changed = environment.changed_at if environment else None
        streams = verify_requirements(self.log_groups, changed or self._since, self.gateways)
        if not streams:
            self._detail("no log of pip was found: the installation of requirements is not verified")

    def _await_parsed(self, action: AwaitParsed) -> None:
        watch = ParsingWatch(
            api=self._airflow(),
            wanted=action,
            read=self.read,
            written=self._written or self._since,
            shared=self._shared or self._written or self._since,
            fresh=self._created or self._written is None,
            before=self._before,
        )
        await_parsed(watch, self.gateways.now, self.gateways.sleep, self._detail)

    def _record(self, action: RecordRelease) -> None:
        self._begin()
        self.release = replace(self.release, state=ReleaseState.RELEASED, files=self._files())
        write_release(self.gateways.bucket, self.release)
        promote(self.gateways.bucket, self.release, action.replaces_etag)

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.release = replace(self.release, files=self._files())
            write_release(self.gateways.bucket, self.release)

    def _failed(self, error: MwaactlError, actions: Sequence[Action]) -> ApplyError:
        if self._begun:
            self._record_failure(error.message)
        return ApplyError(
            error.message,
            action=actions[0],
            results=tuple(self._done),
            hint=error.hint,
            code=error.code,
            context=error.context,
        )

    def _record_failure(self, why: str) -> None:
        failed = replace(self.release, state=ReleaseState.FAILED, files=self._files(), failure=why)
        try:
            write_release(self.gateways.bucket, failed)
        except MwaactlError as error:
            # The deployment's own failure is what the user has to hear of.
            self._detail(f"the failure could not be recorded: {error.message}")

    def _files(self) -> tuple[ReleasedFile, ...]:
        return released_files(self.desired, self.observed, self._stored)

    @property
    def _since(self) -> datetime:
        return datetime.fromisoformat(self.release.when)

    def _airflow(self) -> AirflowApi:
        name = self.desired.names.environment_name
        environment = self.gateways.environments.find(name)
        version = environment.airflow_version if environment else self.desired.airflow_version
        return connect(version, partial(self.gateways.environments.invoke, name))

    def _present_failures(self) -> tuple[ParseFailure, ...]:
        present = self.observed.environment
        if present is None or meaning_of(present.status) not in (Meaning.READY, Meaning.USABLE_AFTER_FAILURE):
            return ()
        return self._airflow().import_errors()

    def _tell_cdk(self, line: str) -> None:
        if (event := progress_of(line)) is not None:
            self.listener(event)

    def _detail(self, text: str) -> None:
        self.listener(Detail(text))


def _is_write(action: Action) -> bool:
    return isinstance(action, CreateStack | PutObject | UpdateParameters | DeleteObject)
