"""One environment's life: the status machine, and the work behind each status in a thread of its own."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from mwaactl.emulator.mwaa.dependencies import (
    create_queue,
    delete_queue,
    ensure_log_groups,
    ensure_service_role,
)
from mwaactl.emulator.mwaa.endpoints import await_endpoints, endpoint_services
from mwaactl.emulator.mwaa.environment import Environment, LastUpdate, Status
from mwaactl.emulator.mwaa.exceptions import ValidationError
from mwaactl.emulator.mwaa.host import HostFailure, NothingRunsFailure, UpdatePhase
from mwaactl.emulator.mwaa.reachability import check_reachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import Any

    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream
    from mwaactl.emulator.mwaa.host import AirflowHost
    from mwaactl.emulator.mwaa.surroundings import Clients

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 10
PHASES = {
    UpdatePhase.APPLYING: Status.UPDATING,
    UpdatePhase.SNAPSHOT: Status.CREATING_SNAPSHOT,
    UpdatePhase.ROLLBACK: Status.ROLLING_BACK,
}
INTERRUPTED = ("INTERNAL_FAILURE", "the emulator ended before the update did; what ran before runs again")


class Door(Protocol):
    """An open front door."""

    @property
    def port(self) -> int:
        """Where it listens."""

    def close(self) -> None:
        """Stop listening."""


class EnvironmentLifecycle:
    """Drives one environment from CREATING until it is gone.

    Args:
        environment: The environment; its web host is set here.
        host: Runs its Airflow.
        clients: boto3 clients of its region.
        open_door: Opens the front door of this environment.
        now: The clock.
        tell: Called with the environment whenever it has a new status.
    """

    def __init__(
        self,
        environment: Environment,
        host: AirflowHost,
        clients: Clients,
        open_door: Callable[[Upstream], Door],
        now: Callable[[], datetime],
        tell: Callable[[Environment], None] = lambda _: None,
    ) -> None:
        self._told = environment
        self._tell = tell
        self._host = host
        self._clients = clients
        self._now = now
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._closing = False
        self._abandoned = threading.Event()
        self._door = open_door(self)
        self._set(web_host=f"localhost:{self._door.port}")

    @property
    def environment(self) -> Environment:
        """The environment as it is now."""
        return self._environment

    @property
    def _environment(self) -> Environment:
        return self._told

    @_environment.setter
    def _environment(self, environment: Environment) -> None:
        before, self._told = self._told.status, environment
        if environment.status is not before:
            self._tell(environment)

    @property
    def host(self) -> AirflowHost:
        """The host of its Airflow."""
        return self._host

    def create(self) -> None:
        """Begin to start Airflow."""
        self._work("create", self._create)

    def resume(self, on_gone: Callable[[], None]) -> None:
        """Begin to do what an earlier emulator did: to run Airflow, to create it, or to delete it.

        Args:
            on_gone: Called once nothing is left of an environment that is being deleted.
        """
        match self._environment.status:
            case Status.CREATING | Status.PENDING:
                self.create()
            case Status.DELETING:
                self._work("delete", lambda: self._delete(on_gone))
            case Status.CREATE_FAILED:
                return
            case before:
                self._set(status=Status.MAINTENANCE)
                self._work("resume", lambda: self._resume(before))

    def update(self, members: Mapping[str, Any], strategy: str) -> None:
        """Begin to apply new members.

        Raises:
            ValidationError: Other work is under way, or there is nothing to update.
        """
        with self._lock:
            self._demand({Status.AVAILABLE, Status.UPDATE_FAILED}, "update")
            pending = LastUpdate("PENDING", self._now(), strategy=strategy)
            self._environment = self._environment.changed(status=Status.UPDATING, last_update=pending)
        self._work("update", lambda: self._update(members))

    def delete(self, on_gone: Callable[[], None]) -> None:
        """Begin to delete; `on_gone` is called once nothing is left.

        Raises:
            ValidationError: Other work is under way.
        """
        with self._lock:
            self._demand({status for status in Status if status.settled} | {Status.PENDING}, "delete")
            self._environment = self._environment.changed(status=Status.DELETING)
        self._abandon()
        self._work("delete", lambda: self._delete(on_gone))

    def tag(self, tags: Mapping[str, str]) -> None:
        """Replace the environment's tags; work under way goes on."""
        self._set(tags=dict(tags))

    def close(self) -> None:
        """End Airflow and the front door without deleting anything; work under way is left as it is."""
        self._closing = True
        self._abandoned.set()
        self._door.close()
        self._host.stop()
        if self._worker and self._worker.is_alive():
            self._worker.join(SHUTDOWN_SECONDS)
            # What the work started after the first stop.
            self._host.stop()

    def _demand(self, allowed: set[Status], operation: str) -> None:
        status = self._environment.status
        if status not in allowed:
            msg = f"Environment {self._environment.name} is in status {status}, cannot {operation} it"
            raise ValidationError(msg)

    def _work(self, verb: str, task: Callable[[], None]) -> None:
        name = f"{verb}-{self._environment.name}"
        self._worker = threading.Thread(target=task, name=name, daemon=True)
        self._worker.start()

    def _abandon(self) -> None:
        """End what waits for the customer's endpoints."""
        self._abandoned.set()
        if self._worker:
            self._worker.join(SHUTDOWN_SECONDS)

    def _create(self) -> None:
        error = self._attempt(self._bring_up)
        if self._abandoned.is_set():
            return
        if error:
            self._finish(Status.CREATE_FAILED, error)
        else:
            self._finish(Status.AVAILABLE)

    def _bring_up(self) -> None:
        self._set(service_role_arn=ensure_service_role(self._clients))
        if self._environment.queue_arn is None:
            self._set(queue_arn=create_queue(self._clients))
        self._ensure_log_groups(self._environment)
        check_reachable(self._environment.members["NetworkConfiguration"], self._clients("ec2"))
        if self._environment.members["EndpointManagement"] == "CUSTOMER":
            self._await_customer()
        if not self._abandoned.is_set():
            self._host.start(self._environment.spec())

    def _await_customer(self) -> None:
        """Show the endpoint services and stay PENDING until the customer has connected to them."""
        current = self._environment
        services = endpoint_services(current.members, current.region)
        self._set(members={**services, **current.members}, status=Status.PENDING)
        await_endpoints(self._environment.members, self._clients("ec2"), self._abandoned)
        with self._lock:
            if self._environment.status is Status.PENDING:
                self._environment = self._environment.changed(status=Status.CREATING)

    def _resume(self, before: Status) -> None:
        error = self._attempt(lambda: self._host.resume(self._environment.spec()))
        last = self._environment.last_update
        if error:
            self._finish(Status.UNAVAILABLE, error, outcome=last.status)
        elif before.updating or last.status == "PENDING":  # an interrupted restart leaves only the latter
            self._finish(Status.UPDATE_FAILED, INTERRUPTED)
        elif last.status == "FAILED":
            self._finish(Status.UPDATE_FAILED, last.error)
        else:
            self._finish(Status.AVAILABLE)

    def _update(self, members: Mapping[str, Any]) -> None:
        wanted = self._environment.changed(members=members)
        strategy = self._environment.last_update.strategy or "FORCED"
        failed = Status.UPDATE_FAILED

        def apply() -> None:
            nonlocal failed
            try:
                self._apply(wanted, strategy)
            except NothingRunsFailure:
                failed = Status.UNAVAILABLE
                raise

        error = self._attempt(apply)
        if error:
            self._finish(failed, error)
        else:
            self._finish(Status.AVAILABLE, members=members)

    def _apply(self, wanted: Environment, strategy: str) -> None:
        self._ensure_log_groups(wanted)
        self._host.update(wanted.spec(), strategy, lambda phase: self._set(status=PHASES[phase]))

    def _delete(self, on_gone: Callable[[], None]) -> None:
        error = self._attempt(self._tear_down)
        if error:
            log.error("deleting %s left something behind: %s", self._environment.name, error[1])
        self._set(status=Status.DELETED)
        on_gone()

    def _tear_down(self) -> None:
        self._door.close()
        self._host.stop()
        if self._environment.queue_arn:
            delete_queue(self._clients, self._environment.queue_arn)

    def _ensure_log_groups(self, environment: Environment) -> None:
        ensure_log_groups(self._clients, [environment.log_group(kind) for kind in environment.log_levels()])

    def _attempt(self, task: Callable[[], None]) -> tuple[str, str] | None:
        """Run the task and return MWAA's code and message if it failed; no status may stay pending."""
        try:
            task()
        except HostFailure as failure:
            return failure.code, failure.message
        except Exception as error:
            log.exception("work on %s failed", self._environment.name)
            return "INTERNAL_FAILURE", f"{type(error).__name__}: {error}"
        return None

    def _finish(
        self,
        status: Status,
        error: tuple[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
        outcome: str | None = None,
    ) -> None:
        outcome = outcome or ("FAILED" if error else "SUCCESS")
        with self._lock:
            if self._closing:  # Airflow was ended from outside: that is no outcome
                return
            current = self._environment
            last = LastUpdate(outcome, current.last_update.created_at, error, current.last_update.strategy)
            self._environment = current.changed(
                status=status, last_update=last, members=current.members if members is None else members
            )

    def _set(self, **fields: object) -> None:
        with self._lock:
            self._environment = self._environment.changed(**fields)
