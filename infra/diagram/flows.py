"""Who does what to which resource, as far as a policy or a reference of the templates says so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.diagram.assembly import Assembly, Json, Resource

# What an action does, by the beginning of its name. Actions that only accompany others are not drawn.
_VERBS = {
    "s3:ListBucket": "lists",
    "s3:GetObject": "reads",
    "s3:PutObject": "writes",
    "lambda:InvokeFunction": "invokes",
    "redshift-data:ExecuteStatement": "runs SQL",
    "redshift-data:BatchExecuteStatement": "runs SQL",
    "secretsmanager:GetSecretValue": "reads its password",
    "logs:PutLogEvents": "writes logs",
    "sns:Publish": "publishes",
    "sqs:SendMessage": "sends",
    "sqs:ReceiveMessage": "takes messages",
    "dynamodb:BatchWriteItem": "writes items",
    "states:StartExecution": "starts",
}

# Properties by which one resource uses another, without a policy.
_USES = {
    ("AWS::MWAA::Environment", "SourceBucketArn"): "takes its code",
    ("AWS::S3::Bucket", "LoggingConfiguration"): "access logs",
    ("AWS::CloudWatch::Alarm", "AlarmActions"): "tell",
    ("AWS::Events::Rule", "Targets"): "tell",
    ("AWS::SQS::Queue", "RedrivePolicy"): "what failed",
}

# Properties that give a resource its role.
_ROLES = ("ExecutionRoleArn", "Role", "RoleArn", "IamRoles", "DeliverLogsPermissionArn")


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow.

    Attributes:
        verb: For example `reads`.
        paths: Prefixes of a bucket that it is about; none for all of it.
    """

    source: Resource
    target: Resource
    verb: str
    paths: tuple[str, ...] = ()


def flows(assembly: Assembly) -> tuple[Flow, ...]:
    """All arrows that the templates justify, each once."""
    found = dict.fromkeys([*_used(assembly), *_granted(assembly)])
    return tuple(each for each in found if each.source != each.target)


def holders(assembly: Assembly) -> Mapping[Resource, tuple[Resource, ...]]:
    """The roles with those resources that take them on."""
    held: dict[Resource, list[Resource]] = {role: [] for role in assembly.of("AWS::IAM::Role")}
    for each in assembly.resources:
        for name in _ROLES:
            for role in assembly.references(each.stack, each.properties.get(name)):
                if role in held:
                    held[role].append(each)
    return {role: tuple(dict.fromkeys(users)) for role, users in held.items()}


def _used(assembly: Assembly) -> Iterator[Flow]:
    for each in assembly.resources:
        for (kind, name), verb in _USES.items():
            if each.kind == kind:
                for target in assembly.references(each.stack, each.properties.get(name)):
                    yield Flow(each, target, verb)


def _granted(assembly: Assembly) -> Iterator[Flow]:
    held = holders(assembly)
    for policy in (*assembly.of("AWS::IAM::Policy"), *assembly.of("AWS::IAM::ManagedPolicy")):
        roles = assembly.references(policy.stack, policy.properties.get("Roles", []))
        users = [user for role in roles for user in held.get(role, ())]
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            for verb, target, paths in _of_statement(assembly, policy.stack, statement):
                yield from (Flow(user, target, verb, paths) for user in users)


def _of_statement(
    assembly: Assembly, stack: str, statement: Mapping[str, Any]
) -> Iterator[tuple[str, Resource, tuple[str, ...]]]:
    if statement["Effect"] != "Allow":
        return
    verbs = dict.fromkeys(verb for action in _listed(statement.get("Action", [])) for verb in _verbs(action))
    resources = _listed(statement.get("Resource", []))
    for target in assembly.references(stack, resources):
        paths = tuple(sorted(set(_paths(target, resources))))
        for verb in verbs:
            yield verb, target, paths


def _verbs(action: str) -> Iterator[str]:
    for known, verb in _VERBS.items():
        if known.startswith(action.rstrip("*")) and (action == known or action.endswith("*")):
            yield verb


def _paths(bucket: Resource, resources: Iterable[Json]) -> Iterator[str]:
    """Prefixes below a bucket that a statement is limited to."""
    start = f"arn:aws:s3:::{bucket.name}/"
    for each in resources:
        if isinstance(each, str) and each.startswith(start) and each != f"{start}*":
            yield each.removeprefix(start).removesuffix("*")


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
