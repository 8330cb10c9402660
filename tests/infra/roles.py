"""The roles of synthesised templates, as IAM has them once CloudFormation has filled the templates in."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaactl.emulator.iam.common_keys import caller_keys
from mwaactl.emulator.iam.decision import denial
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind, Policy
from mwaactl.emulator.iam.principals import Caller, CallerKind
from mwaactl.emulator.iam.request import Request
from tests.infra.recorded_accesses import RecordedAccess
from tests.infra.templates import Resource, Template, as_list, resolved, resources

ACCOUNT = "123456789012"
REGION = "us-east-1"
# What other stacks export: here and in the record they have these ARNs.
STAND_INS = {
    "EncryptionKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/of-the-environment",
    "Workgroup": f"arn:aws:redshift-serverless:{REGION}:{ACCOUNT}:workgroup/of-the-environment",
}


@dataclass(frozen=True, slots=True)
class TemplateRole:
    """One role and what it may do.

    Attributes:
        name: A word for it.
        documents: Its policies.
        boundary: Its permissions boundary; None without one.
    """

    name: str
    documents: tuple[Mapping[str, Any], ...]
    boundary: Mapping[str, Any] | None = None

    @property
    def session(self) -> str:
        """ARN of a session of the role."""
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.name}/tester"

    @property
    def arn(self) -> str:
        """ARN of the role."""
        return f"arn:aws:iam::{ACCOUNT}:role/{self.name}"

    def actions(self) -> Iterator[tuple[str, str]]:
        """Yield every statement with every action that it names."""
        for document in self.documents:
            for statement in document["Statement"]:
                for action in as_list(statement["Action"]):
                    yield statement["Sid"], action

    def without(self, sid: str, action: str) -> "TemplateRole":
        """Return the role without one action of one statement."""
        less = tuple(
            {**each, "Statement": list(_less(each["Statement"], sid, action))} for each in self.documents
        )
        return TemplateRole(self.name, less, self.boundary)

    def policies(self, resource: Policy | None = None) -> Applicable:
        """Return the role's policies, read by the evaluator, beside the policy of a resource."""
        identity = tuple(_policy(each) for each in self.documents)
        return Applicable(identity, _policy(self.boundary) if self.boundary else None, resource=resource)

    def denied(self, access: RecordedAccess, policies: Applicable) -> str | None:
        """Return AWS's sentence, or None where the access is allowed."""
        caller = Caller(CallerKind.ROLE_SESSION, self.session, ACCOUNT, self.arn, user_id="AROA:tester")
        shared = {**caller_keys(caller), "aws:securetransport": "true", "aws:requestedregion": REGION}
        decision = decide(
            Request(caller, access.action, access.resource, {**shared, **access.keys}), policies
        )
        return None if decision.allowed else denial(self.session, access.action, access.resource, decision)


def role_of(
    template: Template, part: str, name: str, parameters: Mapping[str, str] | None = None
) -> TemplateRole:
    """Return a role of a template.

    Args:
        template: The template.
        part: What only this role's logical id begins with.
        name: A word for the role.
        parameters: Values of the template's parameters; others have their defaults.
    """
    [logical_id] = [each for each in resources(template, "AWS::IAM::Role") if each.startswith(part)]
    inline = [
        each["Properties"]["PolicyDocument"]
        for each in resources(template, "AWS::IAM::Policy").values()
        if {"Ref": logical_id} in each["Properties"]["Roles"]
    ]
    role = resources(template, "AWS::IAM::Role")[logical_id]["Properties"]
    boundary = role.get("PermissionsBoundary")
    managed = resources(template, "AWS::IAM::ManagedPolicy")
    capped = managed[boundary["Ref"]]["Properties"]["PolicyDocument"] if boundary else None
    documents = tuple(_filled(template, each, parameters or {}) for each in inline)
    return TemplateRole(name, documents, _filled(template, capped, parameters or {}) if capped else None)


def managed_policy(template: Template, part: str, name: str) -> TemplateRole:
    """Return a role that has one managed policy of a template and nothing else."""
    [document] = [
        each["Properties"]["PolicyDocument"]
        for logical_id, each in resources(template, "AWS::IAM::ManagedPolicy").items()
        if logical_id.startswith(part)
    ]
    return TemplateRole(name, (_filled(template, document, {}),))


def bucket_policy(template: Template, bucket: str) -> Policy:
    """Return the policy of a bucket, by what only its logical id begins with."""
    [found] = [
        each["Properties"]["PolicyDocument"]
        for each in resources(template, "AWS::S3::BucketPolicy").values()
        if each["Properties"]["Bucket"]["Ref"].startswith(bucket)
    ]
    return read_policy(json.dumps(_filled(template, found, {})), Kind.RESOURCE, bucket)


def _filled(template: Template, document: Any, parameters: Mapping[str, str]) -> Any:
    whole = {"Parameters": {}, "Conditions": {}, **template}
    return _stand_in(resolved(whole, document, parameters), template)


def _stand_in(value: Any, template: Template) -> Any:
    match value:
        case {"Fn::ImportValue": str(name)}:
            return next(arn for part, arn in STAND_INS.items() if part in name)
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return _arn(template["Resources"][name])
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(_stand_in(each, template) for each in parts)
        case dict():
            return {key: _stand_in(each, template) for key, each in value.items()}
        case list():
            return [_stand_in(each, template) for each in value]
        case _:
            return value


def _arn(resource: Resource) -> str:
    match resource:
        case {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}:
            return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"
        case {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}:
            return f"arn:aws:s3:::{name}"
        case {"Type": "AWS::KMS::Key"}:
            return STAND_INS["EncryptionKey"]
        case _:
            message = f"nothing stands in for {resource['Type']}"
            raise KeyError(message)


def _less(statements: list[Any], sid: str, action: str) -> Iterator[Any]:
    for each in statements:
        kept = [one for one in as_list(each["Action"]) if (each["Sid"], one) != (sid, action)]
        if kept:
            yield {**each, "Action": kept}


def _policy(document: Mapping[str, Any]) -> Policy:
    return read_policy(json.dumps(document), Kind.IDENTITY, "of the role")
