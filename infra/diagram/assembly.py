"""The templates of one environment as one set of resources that refer to each other across stacks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from infra.admin_secret import secret_name_of

type Json = Any  # a value of a template

# The property that a type's resources are known by outside of CloudFormation.
_NAMES = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::MWAA::Environment": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::RedshiftServerless::Workgroup": "WorkgroupName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Events::Rule": "Name",
    "AWS::SQS::Queue": "QueueName",
    "AWS::DynamoDB::Table": "TableName",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of one template.

    Attributes:
        stack: Name of its stack.
        logical_id: Its id there.
        kind: For example `AWS::S3::Bucket`.
    """

    stack: str
    logical_id: str
    kind: str
    properties: Mapping[str, Json] = field(hash=False, compare=False, repr=False)

    @property
    def name(self) -> str | None:
        """What AWS calls it, where the template says so."""
        if self.kind == "AWS::RedshiftServerless::Namespace":
            return secret_name_of(self.properties["NamespaceName"])
        name = self.properties.get(_NAMES.get(self.kind, ""))
        return name if isinstance(name, str) else None

    @property
    def plain_id(self) -> str:
        """The id without what the CDK adds to make it unique."""
        return re.sub(r"[0-9A-F]{8}$", "", self.logical_id)


class Assembly:
    """All resources, and what a value in one of the templates refers to."""

    def __init__(self, templates: Mapping[str, Json]) -> None:
        """Take templates by the names of their stacks."""
        self.resources = tuple(
            Resource(stack, logical_id, body["Type"], body.get("Properties", {}))
            for stack, template in sorted(templates.items())
            for logical_id, body in sorted(template["Resources"].items())
        )
        self._by_id = {(each.stack, each.logical_id): each for each in self.resources}
        self._by_name = [(each.name, each) for each in self.resources if each.name is not None]
        self._exports = {
            output["Export"]["Name"]: (stack, output["Value"])
            for stack, template in templates.items()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }

    @classmethod
    def read(cls, folder: Path) -> "Assembly":
        """Read every template of an assembly that was synthesised into a folder."""
        suffix = ".template.json"
        files = sorted(folder.glob(f"*{suffix}"))
        return cls({file.name.removesuffix(suffix): json.loads(file.read_text()) for file in files})

    def of(self, kind: str) -> tuple[Resource, ...]:
        """All resources of a type, such as `AWS::S3::Bucket`."""
        return tuple(each for each in self.resources if each.kind == kind)

    def references(self, stack: str, value: Json) -> tuple[Resource, ...]:
        """Resources that a value refers to: by intrinsic function, by export, or by their name in an ARN."""
        return tuple(dict.fromkeys(self._references(stack, value)))

    def _references(self, stack: str, value: Json) -> Iterator[Resource]:
        match value:
            case {"Ref": str(target)} | {"Fn::GetAtt": [str(target), *_]}:
                if (found := self._by_id.get((stack, target))) is not None:
                    yield found
            case {"Fn::ImportValue": str(export)}:
                yield from self._references(*self._exports[export])
            case dict():
                for inner in value.values():
                    yield from self._references(stack, inner)
            case list():
                for inner in value:
                    yield from self._references(stack, inner)
            case str():
                yield from self._named(value)
            case _:
                pass

    def _named(self, text: str) -> Iterator[Resource]:
        """Resources whose names an ARN gives, or a pattern for them; any other text names nothing."""
        if not text.startswith("arn:aws:"):
            return
        service, resource = text.split(":", 5)[2], text.split(":", 5)[5]
        for name, each in self._by_name:
            if _SERVICES.get(each.kind) == service and any(
                fnmatchcase(name, part) for part in _names_in(service, resource)
            ):
                yield each


# The service in the ARNs of a type's resources; a namespace is known by its administrator's secret.
_SERVICES = {
    "AWS::S3::Bucket": "s3",
    "AWS::Lambda::Function": "lambda",
    "AWS::MWAA::Environment": "airflow",
    "AWS::Logs::LogGroup": "logs",
    "AWS::SNS::Topic": "sns",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::RedshiftServerless::Workgroup": "redshift-serverless",
    "AWS::RedshiftServerless::Namespace": "secretsmanager",
}


def _names_in(service: str, resource: str) -> Iterator[str]:
    """Parts of an ARN's resource that may be a name, without what comes below it."""
    if service == "s3":
        yield resource.partition("/")[0]
        return
    if service == "secretsmanager":
        yield resource.partition(":")[2].removesuffix("-??????")
        return
    yield from (part for part in resource.replace("/", ":").split(":") if part != "*")
