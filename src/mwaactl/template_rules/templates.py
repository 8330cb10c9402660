"""Templates of one app, and what stands behind a reference in them, also across stacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mwaactl.template_rules.values import as_mapping, text

ENVIRONMENT = "AWS::MWAA::Environment"


@dataclass(frozen=True, slots=True)
class Template:
    """One template.

    Attributes:
        name: Its file's name, or the stack's.
        body: Its content as CloudFormation takes it.
        region: Where it is deployed; None where that is not known.
    """

    name: str
    body: Mapping[str, Any] = field(repr=False)
    region: str | None = None

    def resource(self, logical_id: str) -> "Resource | None":
        """Returns a resource, or None where there is none of this id."""
        content = as_mapping(self.body.get("Resources")).get(logical_id)
        return Resource(self, str(logical_id), content) if isinstance(content, Mapping) else None

    def resources(self, resource_type: str) -> "Iterator[Resource]":
        """Gives every resource of a type."""
        for logical_id, content in as_mapping(self.body.get("Resources")).items():
            if isinstance(content, Mapping) and content.get("Type") == resource_type:
                yield Resource(self, str(logical_id), content)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template."""

    template: Template
    logical_id: str
    content: Mapping[str, Any] = field(repr=False)

    @property
    def kind(self) -> str:
        """Its type, for example `AWS::S3::Bucket`."""
        return str(self.content.get("Type"))

    @property
    def properties(self) -> Mapping[str, Any]:
        """Its properties; empty where it has none."""
        return as_mapping(self.content.get("Properties"))

    @property
    def place(self) -> tuple[str, str]:
        """What tells it from every other resource."""
        return self.template.name, self.logical_id


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates that are deployed together.

    A reference leads to a resource by `Ref`, `Fn::GetAtt`, `Fn::ImportValue` of an output's export, or the
    ARN of a bucket with a name of its own.
    """

    templates: Sequence[Template]

    def of_type(self, resource_type: str) -> Iterator[Resource]:
        """Gives every resource of a type in every template."""
        for template in self.templates:
            yield from template.resources(resource_type)

    def behind(self, template: Template, value: object) -> Resource | None:
        """Returns the resource that a value in a template refers to; None where that is not known."""
        match value:
            case {"Ref": str(logical_id)} | {"Fn::GetAtt": [str(logical_id), *_]}:
                return template.resource(logical_id)
            case {"Fn::GetAtt": str(path)}:
                return template.resource(path.partition(".")[0])
            case {"Fn::ImportValue": exported}:
                return self._exported(text(exported))
            case _:
                return None

    def referring(self, resource_type: str, name: str, target: Resource) -> Iterator[Resource]:
        """Gives resources of a type whose property `name` refers to a resource, for example its VPC."""
        for each in self.of_type(resource_type):
            found = self.behind(each.template, each.properties.get(name))
            if found is not None and found.place == target.place:
                yield each

    def bucket(self, template: Template, arn: object) -> Resource | None:
        """Returns the bucket of an ARN, by reference or by name."""
        if found := self.behind(template, arn):
            return found if found.kind == "AWS::S3::Bucket" else None
        name = (text(arn) or "").rpartition(":")[2]
        for each in self.of_type("AWS::S3::Bucket"):
            if name and text(each.properties.get("BucketName")) == name:
                return each
        return None

    def _exported(self, name: str | None) -> Resource | None:
        for template in self.templates:
            for output in as_mapping(template.body.get("Outputs")).values():
                export = as_mapping(as_mapping(output).get("Export"))
                if name is not None and text(export.get("Name")) == name:
                    return self.behind(template, output.get("Value"))
        return None
