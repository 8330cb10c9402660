"""Synthesised templates as values, and the questions that tests ask of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaactl.config.environment import EnvironmentConfig

type Template = dict[str, Any]
type Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SynthesisedEnvironment:
    config: EnvironmentConfig
    outdir: Path

    def _template(self, stack: str) -> Template:
        template: Template = json.loads((self.outdir / f"{stack}.template.json").read_text())
        return template

    @property
    def storage(self) -> Template:
        return self._template(self.config.names.storage_stack)

    @property
    def network(self) -> Template:
        return self._template(self.config.names.network_stack)

    @property
    def warehouse(self) -> Template:
        return self._template(self.config.names.warehouse_stack)

    @property
    def functions(self) -> Template:
        return self._template(self.config.names.functions_stack)

    @property
    def environment(self) -> Template:
        return self._template(self.config.names.environment_stack)

    @property
    def observability(self) -> Template:
        return self._template(self.config.names.observability_stack)

    @property
    def deployment(self) -> Template:
        return self._template(self.config.names.deployment_stack)

    @property
    def templates(self) -> tuple[Template, ...]:
        return tuple(json.loads(path.read_text()) for path in sorted(self.outdir.glob("*.template.json")))

    @property
    def acknowledgements(self) -> list[tuple[str, str, str]]:
        """Construct path, finding and reason of each."""
        return [
            (path, finding, reason)
            for file in sorted(self.outdir.glob("*.metadata.json"))
            for path, entries in json.loads(file.read_text()).items()
            for entry in entries
            if entry["type"] == "aws:cdk:acknowledged-rules"
            for finding, reason in entry["data"].items()
        ]


def resources(template: Template, resource_type: str) -> dict[str, Resource]:
    found = template["Resources"].items()
    return {logical_id: each for logical_id, each in found if each["Type"] == resource_type}


def properties(template: Template, resource_type: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in resources(template, resource_type).values()]


def only(template: Template, resource_type: str) -> dict[str, Any]:
    (found,) = properties(template, resource_type)
    return found


def statements(policy_document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Statements by Sid, with action and resource always as lists."""
    return {
        each["Sid"]: {**each, "Action": as_list(each["Action"]), "Resource": as_list(each["Resource"])}
        for each in policy_document["Statement"]
    }


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def policies(template: Template) -> Iterator[dict[str, Any]]:
    """Every statement of every IAM policy of the template."""
    for policy in properties(template, "AWS::IAM::Policy"):
        yield from statements(policy["PolicyDocument"]).values()


def export_name(stack: Template, attribute: Any) -> str:
    """Name under which a stack exports a value of its own."""
    (name,) = (o["Export"]["Name"] for o in stack["Outputs"].values() if o["Value"] == attribute)
    return str(name)


def key_import(environment: SynthesisedEnvironment) -> dict[str, Any]:
    """How another stack refers to the ARN of the key."""
    (key,) = resources(environment.storage, "AWS::KMS::Key")
    return {"Fn::ImportValue": export_name(environment.storage, {"Fn::GetAtt": [key, "Arn"]})}


def resolved(template: Template, value: Any, parameters: Mapping[str, str]) -> Any:
    """A value as CloudFormation would see it: parameters and conditions applied, NoValue left out."""
    given = {name: each.get("Default") for name, each in template["Parameters"].items()} | dict(parameters)
    return _resolve(value, given, template["Conditions"])


_ABSENT = object()


def _resolve(  # noqa: PLR0911 - one return per form that a value takes
    value: Any, parameters: Mapping[str, Any], conditions: Mapping[str, Any]
) -> Any:
    match value:
        case {"Ref": "AWS::NoValue"}:
            return _ABSENT
        case {"Ref": str(name)} if name in parameters:
            return parameters[name]
        case {"Fn::If": [str(name), then, otherwise]}:
            chosen = then if _resolve(conditions[name], parameters, conditions) else otherwise
            return _resolve(chosen, parameters, conditions)
        case {"Fn::Not": [condition]}:
            return not _resolve(condition, parameters, conditions)
        case {"Fn::Equals": [left, right]}:
            return _resolve(left, parameters, conditions) == _resolve(right, parameters, conditions)
        case dict():
            inner = {key: _resolve(each, parameters, conditions) for key, each in value.items()}
            return {key: each for key, each in inner.items() if each is not _ABSENT}
        case list():
            return [_resolve(each, parameters, conditions) for each in value]
        case _:
            return value
