"""Carries out one create, update or delete of a stack, and takes it back if a resource fails."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, assert_never

from mwaactl.emulator.cloudformation.deployment_steps import (
    Created,
    Replaced,
    Step,
    Updated,
    fresh,
    refuse_custom_name,
    with_stack_tags,
)
from mwaactl.emulator.cloudformation.exports import refuse_clash, refuse_delete_in_use
from mwaactl.emulator.cloudformation.faults import reason_of
from mwaactl.emulator.cloudformation.references import dependency_order
from mwaactl.emulator.cloudformation.registry import existing_type
from mwaactl.emulator.cloudformation.resource_type import (
    ResourceContext,
    changed_properties,
)
from mwaactl.emulator.cloudformation.stack_scope import StackScope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.cloudformation.stack import Stack, StackInput, StackResource
    from mwaactl.emulator.cloudformation.template import ResourceDeclaration
    from mwaactl.emulator.settings import EmulatorSettings

_log = logging.getLogger(__name__)


class ResourceError(Exception):
    """A resource failed; the text names it."""


class Deployment:
    """One operation on one stack; runs in a thread of its own.

    Args:
        stack: The stack.
        settings: The emulator.
        live_stacks: Gives all live stacks of the account and region.
    """

    def __init__(
        self, stack: Stack, settings: EmulatorSettings, live_stacks: Callable[[], list[Stack]]
    ) -> None:
        self._stack = stack
        self._settings = settings
        self._live_stacks = live_stacks
        self._done: list[Step] = []

    def create(self, given: StackInput) -> None:
        """Create all resources; on failure delete what was created (ROLLBACK_COMPLETE)."""
        try:
            self._apply(given)
        except Exception as error:  # noqa: BLE001 - whatever it is becomes the stack's status reason
            self._failed(error, "CREATE")
            return
        self._stack.set_status("CREATE_COMPLETE")

    def update(self, given: StackInput) -> None:
        """Bring the stack to a new template or parameters; on failure bring it back."""
        before = self._stack.given
        try:
            self._apply(given)
        except Exception as error:  # noqa: BLE001 - whatever it is becomes the stack's status reason
            self._stack.given = before
            self._failed(error, "UPDATE")
            return
        self._stack.updated = datetime.now(UTC)
        self._stack.set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        self._clean_up(given)
        self._stack.set_status("UPDATE_COMPLETE")

    def delete(self) -> None:
        """Delete all resources, the last created first; those that fail stay, and the stack with them."""
        try:
            refuse_delete_in_use(self._stack, self._live_stacks())
        except Exception as error:  # noqa: BLE001 - whatever it is becomes the stack's status reason
            self._stack.set_status("DELETE_FAILED", reason_of(error))
            return
        present = [resource for resource in self._stack.resources.values() if resource.physical]
        failed = [name for name in map(self._delete_one, reversed(present)) if name]
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
            self._stack.set_status("DELETE_FAILED", reason)
            return
        self._stack.deleted = datetime.now(UTC)
        self._stack.outputs, self._stack.imports = (), frozenset()
        self._stack.set_status("DELETE_COMPLETE")

    def _apply(self, given: StackInput) -> None:
        scope = StackScope(self._stack, given, self._live_stacks(), self._settings)
        template = given.template
        for logical_id in dependency_order(template):
            if scope.wants(template.resources[logical_id]):
                self._bring_about(template.resources[logical_id], scope, given.tags)
        outputs = scope.outputs()
        refuse_clash(self._stack, outputs, self._live_stacks())
        self._stack.outputs, self._stack.imports = outputs, frozenset(scope.imports)
        self._stack.given = given

    def _bring_about(
        self, declared: ResourceDeclaration, scope: StackScope, stack_tags: Mapping[str, str]
    ) -> None:
        old = self._stack.resources.get(declared.logical_id)
        known = old if old and old.physical else None
        verb = "UPDATE" if known else "CREATE"
        started = known or fresh(declared)
        try:
            wanted = with_stack_tags(declared.type_name, scope.properties(declared), stack_tags)
            self._act(declared, known, wanted)
        except Exception as error:
            _log.info("%s %s failed", self._stack.name, declared.logical_id, exc_info=True)
            self._stack.set_resource(started, f"{verb}_FAILED", reason_of(error))
            raise ResourceError(declared.logical_id) from error

    def _act(
        self, declared: ResourceDeclaration, old: StackResource | None, wanted: Mapping[str, Any]
    ) -> None:
        if old is None:
            self._done.append(Created(self._create(declared, wanted)))
        elif changed := self._changed(declared, old, wanted):
            model = existing_type(declared.type_name)
            if declared.type_name != old.type_name or changed & model.replaced_by:
                refuse_custom_name(model.name_property, old, wanted)
                reason = (
                    "Requested update requires the creation of a new physical resource; hence creating one."
                )
                self._stack.set_resource(old, "UPDATE_IN_PROGRESS", reason)
                new = self._create(declared, wanted, "UPDATE")
                self._done.append(Replaced(old, new, keep_old=declared.replace_policy == "Retain"))
            else:
                self._change(old, wanted, restores_itself=model.restores_itself)
        elif old.deletion_policy != declared.deletion_policy:
            self._stack.resources[old.logical_id] = replace(old, deletion_policy=declared.deletion_policy)

    def _change(self, old: StackResource, wanted: Mapping[str, Any], *, restores_itself: bool) -> None:
        """Update in place; what fails half-way is taken back too, unless its service has done so."""
        if restores_itself:
            self._done.append(Updated(old, self._update(old, wanted)))
            return
        self._done.append(Updated(old, replace(old, properties=wanted)))
        self._done[-1] = Updated(old, self._update(old, wanted))

    @staticmethod
    def _changed(declared: ResourceDeclaration, old: StackResource, wanted: Mapping[str, Any]) -> set[str]:
        changed = changed_properties(old.properties, wanted)
        return changed | {"Type"} if declared.type_name != old.type_name else changed

    def _create(
        self, declared: ResourceDeclaration, wanted: Mapping[str, Any], verb: str = "CREATE"
    ) -> StackResource:
        started = fresh(declared)
        self._stack.set_resource(started, f"{verb}_IN_PROGRESS")
        physical = existing_type(declared.type_name).create(self._context(declared.logical_id), wanted)
        made = replace(started, physical=physical, properties=wanted)
        self._stack.set_resource(made, f"{verb}_COMPLETE")
        return made

    def _update(self, old: StackResource, wanted: Mapping[str, Any]) -> StackResource:
        model, physical = existing_type(old.type_name), old.physical
        assert physical is not None  # noqa: S101 - only existing resources come here
        self._stack.set_resource(old, "UPDATE_IN_PROGRESS")
        physical = model.update(self._context(old.logical_id), physical, old.properties, wanted)
        changed = replace(old, physical=physical, properties=wanted)
        self._stack.set_resource(changed, "UPDATE_COMPLETE")
        return changed

    def _failed(self, error: Exception, verb: str) -> None:
        names = f"The following resource(s) failed to {verb.lower()}: [{error}]. "
        reason = names if isinstance(error, ResourceError) else reason_of(error)
        if not isinstance(error, ResourceError):
            _log.info("%s failed", self._stack.name, exc_info=True)
        if self._stack.disable_rollback:
            self._stack.set_status(f"{verb}_FAILED", reason)
            return
        prefix = "ROLLBACK" if verb == "CREATE" else "UPDATE_ROLLBACK"
        self._stack.set_status(f"{prefix}_IN_PROGRESS", reason)
        failed = [name for name in map(self._take_back, reversed(self._done)) if name]
        for logical_id in [name for name, entry in self._stack.resources.items() if entry.physical is None]:
            del self._stack.resources[logical_id]
        if failed:
            reason = f"The following resource(s) failed to roll back: [{', '.join(failed)}]. "
            self._stack.set_status(f"{prefix}_FAILED", reason)
        else:
            self._stack.set_status(f"{prefix}_COMPLETE")

    def _take_back(self, step: Step) -> str | None:
        """Undo one step and return the logical id if that failed."""
        match step:
            case Created(new):
                # A resource that must be kept is kept even so, unless its policy excepts this very case.
                excepted = new.deletion_policy == "RetainExceptOnCreate"
                return self._delete_one(replace(new, deletion_policy="Delete") if excepted else new)
            case Updated(old, new):
                return self._restore(old, new)
            case Replaced(old, new):
                failed = self._delete_one(new)
                self._stack.set_resource(old, "UPDATE_COMPLETE")
                return failed
            case _:
                assert_never(step)

    def _restore(self, old: StackResource, new: StackResource) -> str | None:
        try:
            self._update(new, old.properties)
        except Exception as error:  # noqa: BLE001 - becomes the resource's status reason
            self._stack.set_resource(new, "UPDATE_FAILED", reason_of(error))
            return old.logical_id
        return None

    def _clean_up(self, given: StackInput) -> None:
        """Delete what the update replaced or no longer wants; a failure here does not undo the update."""
        scope = StackScope(self._stack, given, self._live_stacks(), self._settings)
        declared = given.template.resources
        for step in self._done:
            if isinstance(step, Replaced) and not step.keep_old:
                self._delete_one(step.old)
                self._stack.resources[step.new.logical_id] = step.new
        unwanted = [
            resource
            for name, resource in self._stack.resources.items()
            if name not in declared or not scope.wants(declared[name])
        ]
        for resource in reversed(unwanted):
            self._delete_one(resource)

    def _delete_one(self, resource: StackResource) -> str | None:
        """Delete a resource and return its logical id if that failed."""
        logical_id = resource.logical_id
        if resource.deletion_policy in {"Retain", "RetainExceptOnCreate"}:
            self._stack.set_resource(resource, "DELETE_SKIPPED")
            self._stack.resources.pop(logical_id, None)
            return None
        self._stack.set_resource(resource, "DELETE_IN_PROGRESS")
        try:
            if resource.physical:
                model = existing_type(resource.type_name)
                model.delete(self._context(logical_id), resource.physical, resource.properties)
        except Exception as error:  # noqa: BLE001 - becomes the resource's status reason
            _log.info("deleting %s failed", logical_id, exc_info=True)
            self._stack.set_resource(resource, "DELETE_FAILED", reason_of(error))
            return logical_id
        self._stack.set_resource(replace(resource), "DELETE_COMPLETE")
        self._stack.resources.pop(logical_id, None)
        return None

    def _context(self, logical_id: str) -> ResourceContext:
        stack = self._stack
        return ResourceContext(
            self._settings, stack.account_id, stack.region, stack.name, stack.stack_id, logical_id
        )
