"""CloudFormation's API: one method per action, parsed and serialised by botocore's own model through moto."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from mwaactl.emulator.cloudformation.engine import CloudFormationEngine
from mwaactl.emulator.cloudformation.exports import exports_of, importers_of
from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.rendering import (
    change_set_members,
    change_set_summary,
    event_members,
    resource_members,
    stack_members,
    stack_summary,
)

if TYPE_CHECKING:
    from moto.core.request import Request

    from mwaactl.emulator.settings import EmulatorSettings

_PAGE = 100


class Engines:
    """One engine per account and region, made when it is first asked for."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings
        self._engines: dict[tuple[str, str], CloudFormationEngine] = {}
        self._lock = RLock()

    def engine(self, account_id: str, region: str) -> CloudFormationEngine:
        """Return the engine of an account and region."""
        with self._lock:
            key = (account_id, region)
            if key not in self._engines:
                self._engines[key] = CloudFormationEngine(self._settings, account_id, region)
            return self._engines[key]

    def all(self) -> dict[tuple[str, str], CloudFormationEngine]:
        """Return the engines that exist by account and region."""
        with self._lock:
            return dict(self._engines)


class CloudFormationResponse(BaseResponse):
    """One request; the method names are the actions' names in snake case, as moto looks them up."""

    def __init__(self, engines: Engines) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True
        self._engines = engines

    def answer(self, request: Request) -> tuple[int, dict[str, Any], str | bytes]:
        """Answer one request with status, headers and body."""
        return self._dispatch(request, request.raw_url, dict(request.headers))

    @property
    def _engine(self) -> CloudFormationEngine:
        return self._engines.engine(self.current_account, self.region)

    def _request(self) -> dict[str, Any]:
        return dict(self._get_params())

    def create_stack(self) -> ActionResult:
        """Start a creation."""
        return ActionResult({"StackId": self._engine.create_stack(self._request()).stack_id})

    def update_stack(self) -> ActionResult:
        """Start an update."""
        return ActionResult({"StackId": self._engine.update_stack(self._request()).stack_id})

    def delete_stack(self) -> ActionResult:
        """Start a deletion."""
        self._engine.delete_stack(self._request())
        return EmptyResult()

    def describe_stacks(self) -> ActionResult:
        """Describe one stack or all live ones."""
        name = self._get_param("StackName")
        stacks = [self._engine.get(name)] if name else self._engine.stacks()
        return ActionResult({"Stacks": [stack_members(stack) for stack in stacks]})

    def list_stacks(self) -> ActionResult:
        """List stacks, deleted ones too."""
        wanted = self._get_param("StackStatusFilter", [])
        stacks = [
            stack for stack in self._engine.stacks(deleted=True) if not wanted or stack.status in wanted
        ]
        return ActionResult({"StackSummaries": [stack_summary(stack) for stack in stacks]})

    def describe_stack_events(self) -> ActionResult:
        """Return a stack's history, newest first."""
        stack = self._engine.get(self._get_param("StackName"))
        events = list(stack.events)[::-1]
        start = int(self._get_param("NextToken") or 0)
        page = [event_members(stack, event) for event in events[start : start + _PAGE]]
        more = {"NextToken": str(start + _PAGE)} if len(events) > start + _PAGE else {}
        return ActionResult({"StackEvents": page, **more})

    def describe_stack_resource(self) -> ActionResult:
        """Describe one resource."""
        stack = self._engine.get(self._get_param("StackName"))
        logical_id = self._get_param("LogicalResourceId")
        resource = stack.resources.get(logical_id)
        if resource is None:
            message = f"Resource {logical_id} does not exist for stack {stack.name}"
            raise ValidationError(message)
        return ActionResult({"StackResourceDetail": resource_members(stack, resource)})

    def describe_stack_resources(self) -> ActionResult:
        """Describe a stack's resources, or one of them."""
        stack = self._engine.get(self._get_param("StackName"))
        wanted = self._get_param("LogicalResourceId")
        found = [resource for name, resource in list(stack.resources.items()) if wanted in {None, name}]
        return ActionResult({"StackResources": [resource_members(stack, resource) for resource in found]})

    def list_stack_resources(self) -> ActionResult:
        """List a stack's resources."""
        stack = self._engine.get(self._get_param("StackName"))
        found = [resource_members(stack, resource) for resource in list(stack.resources.values())]
        return ActionResult({"StackResourceSummaries": found})

    def create_change_set(self) -> ActionResult:
        """Compute a change set."""
        made = self._engine.create_change_set(self._request())
        return ActionResult({"Id": made.change_set_id, "StackId": made.stack.stack_id})

    def describe_change_set(self) -> ActionResult:
        """Describe a change set."""
        found = self._engine.find_change_set(self._get_param("ChangeSetName"), self._get_param("StackName"))
        return ActionResult(change_set_members(found))

    def list_change_sets(self) -> ActionResult:
        """List a stack's change sets."""
        found = self._engine.change_sets_of(self._get_param("StackName"))
        return ActionResult({"Summaries": [change_set_summary(change_set) for change_set in found]})

    def execute_change_set(self) -> ActionResult:
        """Start what a change set holds."""
        self._engine.execute_change_set(self._request())
        return EmptyResult()

    def delete_change_set(self) -> ActionResult:
        """Forget a change set."""
        self._engine.delete_change_set(self._get_param("ChangeSetName"), self._get_param("StackName"))
        return EmptyResult()

    def get_template(self) -> ActionResult:
        """Return the template of a stack or of a change set, as it was submitted."""
        name, change_set = self._get_param("StackName"), self._get_param("ChangeSetName")
        stack = None if change_set else self._engine.get(name)
        given = stack.given if stack else self._engine.find_change_set(change_set, name).given
        stages = ["Original", "Processed"]
        return ActionResult({"TemplateBody": given.template.text if given else "", "StagesAvailable": stages})

    def get_template_summary(self) -> ActionResult:
        """Describe a template's parameters and resource types."""
        template = self._engine.template(self._request())
        types = sorted({resource.type_name for resource in template.resources.values()})
        parameters = [
            {"ParameterKey": key, "ParameterType": entry.get("Type"), "DefaultValue": entry.get("Default")}
            for key, entry in template.section("Parameters").items()
        ]
        return ActionResult(
            {"Parameters": parameters, "ResourceTypes": types, "Description": template.description}
        )

    def list_exports(self) -> ActionResult:
        """List all exports."""
        found = exports_of(self._engine.stacks()).values()
        exports = [
            {"ExportingStackId": export.stack_id, "Name": export.name, "Value": export.value}
            for export in found
        ]
        return ActionResult({"Exports": exports})

    def list_imports(self) -> ActionResult:
        """List the stacks that use an export."""
        name = self._get_param("ExportName")
        found = importers_of(name, self._engine.stacks())
        if not found:
            message = f"Export '{name}' is not imported by any stack."
            raise ValidationError(message)
        return ActionResult({"Imports": found})

    def update_termination_protection(self) -> ActionResult:
        """Protect a stack from deletion, or no longer."""
        stack = self._engine.get(self._get_param("StackName"))
        stack.termination_protection = bool(self._get_param("EnableTerminationProtection"))
        return ActionResult({"StackId": stack.stack_id})
