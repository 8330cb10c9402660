"""CloudFormation in one account and region: stacks, change sets, and the threads that carry them out."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from threading import RLock, Thread
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.change_set import EXECUTED, ChangeSet, new_change_set
from mwaactl.emulator.cloudformation.deployment import Deployment
from mwaactl.emulator.cloudformation.faults import (
    AlreadyExists,
    ChangeSetNotFound,
    InvalidChangeSetStatus,
    ValidationError,
)
from mwaactl.emulator.cloudformation.stack import Stack, StackInput
from mwaactl.emulator.cloudformation.submission import Submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.cloudformation.template import Template
    from mwaactl.emulator.settings import EmulatorSettings

_log = logging.getLogger(__name__)

# How long ExecuteChangeSet waits for the end of what it has started, before it answers all the same.
PATIENCE_SECONDS = 2.0

# From these a stack can be updated: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
_UPDATABLE = {
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "UPDATE_FAILED",
    "CREATE_FAILED",
}


@dataclass(frozen=True, slots=True)
class EngineContents:
    """What an engine holds: stacks and change sets by their ids, the very objects."""

    stacks: dict[str, Stack]
    change_sets: dict[str, ChangeSet]


class CloudFormationEngine:
    """The stacks of one account and region, live and deleted."""

    def __init__(self, settings: EmulatorSettings, account_id: str, region: str) -> None:
        self._settings = settings
        self._account_id = account_id
        self._region = region
        self._submissions = Submissions(settings, account_id, region)
        self._stacks: dict[str, Stack] = {}
        self._change_sets: dict[str, ChangeSet] = {}
        self._lock = RLock()

    def contents(self) -> EngineContents:
        """Return everything that is here."""
        return EngineContents(self._stacks, self._change_sets)

    def install(self, contents: EngineContents) -> None:
        """Hold what another engine held."""
        self._stacks, self._change_sets = contents.stacks, contents.change_sets

    def stacks(self, *, deleted: bool = False) -> list[Stack]:
        """Return the stacks, oldest first.

        Args:
            deleted: Whether to include those that are deleted.
        """
        with self._lock:
            return [stack for stack in self._stacks.values() if deleted or stack.status != "DELETE_COMPLETE"]

    def find(self, name_or_id: str) -> Stack | None:
        """Return a live stack by name, or any stack by id, or None."""
        with self._lock:
            if name_or_id in self._stacks:
                return self._stacks[name_or_id]
            return next((stack for stack in self.stacks() if stack.name == name_or_id), None)

    def get(self, name_or_id: str) -> Stack:
        """Return a stack.

        Raises:
            ValidationError: If there is none.
        """
        stack = self.find(name_or_id)
        if stack is None:
            message = f"Stack with id {name_or_id} does not exist"
            raise ValidationError(message)
        return stack

    def read(self, request: Mapping[str, Any], previous: StackInput | None) -> StackInput:
        """Return what a request submits, checked."""
        return self._submissions.read(request, previous)

    def template(self, request: Mapping[str, Any]) -> Template:
        """Return the template that a request names: that of a stack, a body, or an object in S3."""
        stack = self.get(request["StackName"]) if request.get("StackName") else None
        if stack and stack.given:
            return stack.given.template
        return self._submissions.template(request, None)

    def create_stack(self, request: Mapping[str, Any]) -> Stack:
        """Start the creation of a stack.

        Raises:
            AlreadyExists, ValidationError: If it can't be started.
        """
        with self._lock:
            self._refuse_existing(request["StackName"])
            given = self.read(request, None)
            stack = self._new_stack(request, "CREATE_IN_PROGRESS")
            self._start_create(stack, given, request)
            return stack

    def update_stack(self, request: Mapping[str, Any]) -> Stack:
        """Start an update of a stack.

        Raises:
            ValidationError: If it can't be started, or would change nothing.
        """
        with self._lock:
            stack = self.get(request["StackName"])
            self._refuse_unless_updatable(stack)
            given = self.read(request, stack.given)
            if stack.given is not None and not given.differs_from(stack.given):
                message = "No updates are to be performed."
                raise ValidationError(message)
            self._start_update(stack, given, request)
            return stack

    def delete_stack(self, request: Mapping[str, Any]) -> None:
        """Start the deletion of a stack; one that does not exist is deleted already.

        Raises:
            ValidationError: If it is protected or busy.
        """
        with self._lock:
            stack = self.find(request["StackName"])
            if stack is None or stack.status in {"DELETE_COMPLETE", "DELETE_IN_PROGRESS"}:
                return
            if stack.termination_protection:
                message = f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
                raise ValidationError(message)
            self._refuse_busy(stack)
            stack.token = request.get("ClientRequestToken")
            stack.set_status("DELETE_IN_PROGRESS", "User Initiated")
            self._run(stack, self._deployment(stack).delete)

    def create_change_set(self, request: Mapping[str, Any]) -> ChangeSet:
        """Compute what a create or update would do.

        Raises:
            AlreadyExists, ValidationError: If the request is wrong.
        """
        with self._lock:
            kind = request.get("ChangeSetType") or "UPDATE"
            stack = self.find(request["StackName"])
            if kind == "CREATE":
                if stack and stack.status != "REVIEW_IN_PROGRESS":
                    self._refuse_existing(request["StackName"])
                given = self.read(request, None)
                stack = stack or self._new_stack(request, "REVIEW_IN_PROGRESS")
                if not stack.events:
                    stack.set_status("REVIEW_IN_PROGRESS", "User Initiated")
            else:
                stack = self.get(request["StackName"])
                self._refuse_unless_updatable(stack)
                given = self.read(request, stack.given)
            return self._keep_change_set(request, kind, stack, given)

    def find_change_set(self, name_or_id: str, stack_name: str | None) -> ChangeSet:
        """Return a change set by its id, or by its name and stack as long as it was not executed.

        Raises:
            ChangeSetNotFound: If there is none.
        """
        with self._lock:
            for change_set in reversed(self._change_sets.values()):
                stack = change_set.stack
                named = change_set.name == name_or_id and stack_name in {stack.name, stack.stack_id}
                if change_set.change_set_id == name_or_id or (named and not change_set.executed):
                    return change_set
        message = f"ChangeSet [{name_or_id}] does not exist"
        raise ChangeSetNotFound(message)

    def change_sets_of(self, stack_name: str) -> list[ChangeSet]:
        """Return a stack's change sets that were not executed."""
        stack = self.get(stack_name)
        with self._lock:
            of_stack = [change_set for change_set in self._change_sets.values() if change_set.stack is stack]
        return [change_set for change_set in of_stack if not change_set.executed]

    def delete_change_set(self, name_or_id: str, stack_name: str | None) -> None:
        """Forget a change set; one that does not exist is forgotten already."""
        with self._lock:
            try:
                change_set = self.find_change_set(name_or_id, stack_name)
            except ChangeSetNotFound:
                return
            del self._change_sets[change_set.change_set_id]

    def execute_change_set(self, request: Mapping[str, Any]) -> None:
        """Start what a change set holds.

        Raises:
            ChangeSetNotFound, InvalidChangeSetStatus, ValidationError: If it can't be started.
        """
        with self._lock:
            change_set = self.find_change_set(request["ChangeSetName"], request.get("StackName"))
            if change_set.execution_status != "AVAILABLE":
                message = (
                    f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current execution "
                    f"status of [{change_set.execution_status}]"
                )
                raise InvalidChangeSetStatus(message)
            stack = change_set.stack
            self._refuse_busy(stack)
            change_set.execution_status = EXECUTED
            for other in self.change_sets_of(stack.stack_id):
                del self._change_sets[other.change_set_id]  # they were made for the stack as it was
            stack.change_set_id = change_set.change_set_id
            details = {
                **request,
                "RoleARN": change_set.role_arn,
                "Capabilities": change_set.capabilities,
                "NotificationARNs": change_set.notification_arns,
            }
            start = self._start_create if change_set.kind == "CREATE" else self._start_update
            thread = start(stack, change_set.given, details)
        # Clients look right after this call and then every five seconds: short work is best done by then.
        thread.join(PATIENCE_SECONDS)

    def _keep_change_set(
        self, request: Mapping[str, Any], kind: str, stack: Stack, given: StackInput
    ) -> ChangeSet:
        name = request["ChangeSetName"]
        change_set = new_change_set(request, kind, stack, given)
        if any(name == other.name for other in self.change_sets_of(stack.stack_id)):
            message = f"ChangeSet {name} cannot be created due to a mismatch with existing attribute Name"
            raise AlreadyExists(message)
        self._change_sets[change_set.change_set_id] = change_set
        return change_set

    def _new_stack(self, request: Mapping[str, Any], status: str) -> Stack:
        name = request["StackName"]
        stack_id = f"arn:aws:cloudformation:{self._region}:{self._account_id}:stack/{name}/{uuid.uuid4()}"
        stack = Stack(stack_id, name, self._account_id, self._region, status)
        stack.termination_protection = bool(request.get("EnableTerminationProtection"))
        self._stacks[stack_id] = stack
        return stack

    def _start_create(self, stack: Stack, given: StackInput, request: Mapping[str, Any]) -> Thread:
        _note(stack, request)
        stack.given = given
        stack.set_status("CREATE_IN_PROGRESS", "User Initiated")
        return self._run(stack, lambda: self._deployment(stack).create(given))

    def _start_update(self, stack: Stack, given: StackInput, request: Mapping[str, Any]) -> Thread:
        _note(stack, request)
        stack.set_status("UPDATE_IN_PROGRESS", "User Initiated")
        return self._run(stack, lambda: self._deployment(stack).update(given))

    def _deployment(self, stack: Stack) -> Deployment:
        return Deployment(stack, self._settings, self.stacks)

    def _run(self, stack: Stack, work: Callable[[], None]) -> Thread:
        def guarded() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the stack must not stay in progress
                _log.exception("%s: the operation broke off", stack.name)
                stack.set_status(_broken(stack.status), f"Internal failure: {error}")

        thread = Thread(target=guarded, name=f"cloudformation-{stack.name}", daemon=True)
        thread.start()
        return thread

    def _refuse_existing(self, name: str) -> None:
        if self.find(name) is not None:
            message = f"Stack [{name}] already exists"
            raise AlreadyExists(message)

    def _refuse_busy(self, stack: Stack) -> None:
        if stack.busy:
            message = f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated."
            raise ValidationError(message)

    def _refuse_unless_updatable(self, stack: Stack) -> None:
        if stack.status not in _UPDATABLE:
            message = f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated."
            raise ValidationError(message)


def _note(stack: Stack, request: Mapping[str, Any]) -> None:
    stack.token = request.get("ClientRequestToken")
    stack.role_arn = request.get("RoleARN") or stack.role_arn
    stack.capabilities = tuple(request.get("Capabilities") or ())
    stack.notification_arns = tuple(request.get("NotificationARNs") or stack.notification_arns)
    stack.disable_rollback = bool(request.get("DisableRollback"))


def _broken(status: str) -> str:
    """Return the failed status that belongs to an operation in progress."""
    verbs = ("UPDATE_ROLLBACK", "ROLLBACK", "CREATE", "UPDATE", "DELETE")
    return next((f"{verb}_FAILED" for verb in verbs if status.startswith(verb)), "UPDATE_FAILED")
