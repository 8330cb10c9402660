"""Deploys small stacks over CloudFormation's API and waits for their end."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class StackDriver:
    """Acts on stacks whose names begin with one prefix, so that tests do not meet."""

    cloudformation: Any
    prefix: str

    def name(self, suffix: str = "stack") -> str:
        return f"{self.prefix}-{suffix}"

    def create(self, resources: dict[str, Any], suffix: str = "stack", **request: Any) -> dict[str, Any]:
        name = self.name(suffix)
        body = template(resources, **request.pop("sections", {}))
        self.cloudformation.create_stack(StackName=name, TemplateBody=body, **request)
        return self.settled(name)

    def update(self, resources: dict[str, Any], suffix: str = "stack", **request: Any) -> dict[str, Any]:
        name = self.name(suffix)
        body = template(resources, **request.pop("sections", {}))
        self.cloudformation.update_stack(StackName=name, TemplateBody=body, **request)
        return self.settled(name)

    def delete(self, suffix: str = "stack") -> dict[str, Any]:
        found = self.describe(self.name(suffix))
        self.cloudformation.delete_stack(StackName=found["StackId"])
        return self.settled(found["StackId"])

    def settled(self, name: str) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            found = self.describe(name)
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                return found
            time.sleep(0.05)
        message = f"{name} is still {found['StackStatus']}"
        raise TimeoutError(message)

    def describe(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return found

    def physical_id(self, logical_id: str, suffix: str = "stack") -> str:
        found = self.cloudformation.describe_stack_resource(
            StackName=self.name(suffix), LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def resources(self, suffix: str = "stack") -> dict[str, str]:
        found = self.cloudformation.describe_stack_resources(StackName=self.name(suffix))["StackResources"]
        return {each["LogicalResourceId"]: each["ResourceStatus"] for each in found}

    def failures(self, suffix: str = "stack") -> dict[str, str]:
        """Reasons of failed resources by logical id, the first failure of each."""
        name = self.describe(self.name(suffix))["StackId"]
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return {
            event["LogicalResourceId"]: event.get("ResourceStatusReason", "")
            for event in events
            if event["ResourceStatus"].endswith("FAILED")
        }


def template(resources: dict[str, Any], **sections: Any) -> str:
    return json.dumps({"Resources": resources, **sections})


def declare(type_name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type_name, "Properties": properties}


def output(value: Any, export: str | None = None) -> dict[str, Any]:
    return {"Value": value, **({"Export": {"Name": export}} if export else {})}
