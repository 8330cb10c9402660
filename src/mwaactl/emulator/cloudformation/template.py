"""A template as a value, read from JSON or YAML."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from mwaactl.emulator.cloudformation.faults import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTIONS = {
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
}
_RESOURCE_KEYS = {
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
}


@dataclass(frozen=True, slots=True)
class ResourceDeclaration:
    """One entry of the Resources section."""

    logical_id: str
    type_name: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...]
    condition: str | None
    deletion_policy: str
    replace_policy: str


@dataclass(frozen=True, slots=True)
class Template:
    """A template's sections, unresolved.

    Attributes:
        text: The text as it was submitted, for GetTemplate.
        sections: The whole document.
        resources: The Resources section by logical id.
    """

    text: str
    sections: Mapping[str, Any]
    resources: Mapping[str, ResourceDeclaration] = field(default_factory=dict)

    @property
    def description(self) -> str | None:
        """The template's own description."""
        return self.sections.get("Description")

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section, empty if the template has none."""
        return self.sections.get(name) or {}


def parse_template(text: str) -> Template:
    """Read a template.

    Raises:
        ValidationError: If it is neither JSON nor YAML, or not shaped like a template.
    """
    sections = _load(text)
    if unknown := set(sections) - _SECTIONS:
        message = f"Invalid template property or properties [{', '.join(sorted(unknown))}]"
        raise ValidationError(message)
    resources = sections.get("Resources")
    if not isinstance(resources, dict) or not resources:
        message = "Template format error: At least one Resources member must be defined."
        raise ValidationError(message)
    declarations = {name: _declaration(name, entry) for name, entry in resources.items()}
    return Template(text, sections, declarations)


def _declaration(logical_id: str, entry: Any) -> ResourceDeclaration:  # noqa: ANN401 - what the file holds
    if not isinstance(entry, dict) or not isinstance(entry.get("Type"), str):
        place = f"[/Resources/{logical_id}]"
        message = f"Template format error: {place} Every Resources object must contain a Type member."
        raise ValidationError(message)
    if unknown := set(entry) - _RESOURCE_KEYS:
        message = f"Invalid template resource property '{min(unknown)}'"
        raise ValidationError(message)
    depends_on = entry.get("DependsOn", [])
    return ResourceDeclaration(
        logical_id=logical_id,
        type_name=entry["Type"],
        properties=entry.get("Properties") or {},
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        condition=entry.get("Condition"),
        deletion_policy=entry.get("DeletionPolicy", "Delete"),
        replace_policy=entry.get("UpdateReplacePolicy", "Delete"),
    )


def _load(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        document = _load_yaml(text)
    if not isinstance(document, dict):
        message = "Template format error: unsupported structure."
        raise ValidationError(message)
    return document


def _load_yaml(text: str) -> Any:  # noqa: ANN401 - what the file holds
    try:
        return yaml.load(text, Loader=_TemplateLoader)  # noqa: S506 - derived from SafeLoader
    except yaml.YAMLError as error:
        message = f"Template format error: YAML not well-formed. ({error})"
        raise ValidationError(message) from error


class _TemplateLoader(yaml.SafeLoader):
    """Safe YAML with CloudFormation's short forms (`!Ref`, `!Sub` …)."""


def _short_form(loader: _TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_TemplateLoader.add_multi_constructor("!", _short_form)
# Dates such as 2010-09-09 stay text, as CloudFormation reads them.
_TemplateLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
