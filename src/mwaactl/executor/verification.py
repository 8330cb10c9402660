"""Verifies what was written: pip's log, and Airflow's own parsing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from mwaactl.airflow_api.connect import connect
from mwaactl.executor.parsing import DEADLINE, ParsingWatch, await_parsed
from mwaactl.executor.requirements_log import verify_requirements
from mwaactl.planner.statuses import is_running

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.airflow_api.values import ParseFailure
    from mwaactl.desired import DesiredState
    from mwaactl.executor.changes import Changes
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import ObservedState
    from mwaactl.planner.actions import AwaitParsed


@dataclass(slots=True)
class Verification:
    """Asks the environment what came of a deployment.

    Attributes:
        desired: What was to be reached.
        observed: What was there before.
        gateways: Every way out.
        changes: What was written, and when.
        when: When the release began, ISO 8601.
        on_detail: Told what is waited for.
        deadline: How long to wait for Airflow to parse.
    """

    desired: DesiredState
    observed: ObservedState
    gateways: Gateways
    changes: Changes
    when: str
    on_detail: Callable[[str], None]
    deadline: timedelta = DEADLINE
    _before: tuple[ParseFailure, ...] = ()

    @property
    def since(self) -> datetime:
        """When the release began."""
        return datetime.fromisoformat(self.when)

    def note_present_failures(self) -> None:
        """Remember the import errors that are there before anything is written."""
        present = self.observed.environment
        if present is not None and is_running(present.status):
            self._before = self._airflow().import_errors()

    def verify_requirements(self, log_groups: tuple[str, ...]) -> None:
        """Read pip's log of the environment's latest change.

        Raises:
            ApplyError: If pip failed.
        """
        environment = self.gateways.environments.find(self.desired.names.environment_name)
        changed = environment.changed_at if environment else None
        streams = verify_requirements(log_groups, changed or self.since, self.gateways)
        if not streams:
            self.on_detail("no log of pip was found: the installation of requirements is not verified")

    def await_parsed(self, action: AwaitParsed, read: Callable[[str], bytes]) -> None:
        """Wait until Airflow has parsed the release.

        Raises:
            ApplyError: On import errors of the release's files, or when the deadline passes.
        """
        written = self.changes.written
        watch = ParsingWatch(
            api=self._airflow(),
            wanted=action,
            read=read,
            written=written or self.since,
            shared=self.changes.shared or self.since,
            deadline=self.deadline,
            fresh=self.changes.created,
            before=self._before,
            copied_within=self.gateways.copied_within,
        )
        await_parsed(watch, self.gateways.now, self.gateways.sleep, self.on_detail)

    def _airflow(self) -> AirflowApi:
        name = self.desired.names.environment_name
        environment = self.gateways.environments.find(name)
        version = environment.airflow_version if environment else self.desired.airflow_version
        return connect(version, partial(self.gateways.environments.invoke, name))
