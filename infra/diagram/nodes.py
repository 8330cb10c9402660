"""What is drawn for each resource: one box, one box for many of a kind, or nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from infra.diagram.assembly import Assembly, Resource
from infra.diagram.flows import holders

NOT_DRAWN: Mapping[str, str] = MappingProxyType(
    {
        "AWS::EC2::EIP": "belongs to its NAT gateway",
        "AWS::EC2::Route": "decides what kind of subnet is drawn",
        "AWS::EC2::RouteTable": "decides what kind of subnet is drawn",
        "AWS::EC2::SecurityGroup": "says which ports are open",
        "AWS::EC2::SecurityGroupEgress": "says which ports are open",
        "AWS::EC2::SecurityGroupIngress": "says which ports are open",
        "AWS::EC2::Subnet": "is drawn in its zone",
        "AWS::EC2::SubnetRouteTableAssociation": "decides what kind of subnet is drawn",
        "AWS::EC2::VPC": "is the frame around its zones",
        "AWS::EC2::VPCGatewayAttachment": "belongs to the internet gateway",
        "AWS::IAM::ManagedPolicy": "is drawn as arrows",
        "AWS::IAM::Policy": "is drawn as arrows",
        "AWS::IAM::Role": "is named in the box of what takes it on",
        "AWS::KMS::Alias": "is a name of the key",
        "AWS::S3::BucketPolicy": "refuses what is not encrypted on its way",
        "AWS::SNS::TopicPolicy": "says who may publish",
        "AWS::SQS::QueuePolicy": "says who may send",
    }
)

# Types of which there are many alike: one box says how many.
_GROUPED = {
    "AWS::Logs::LogGroup": "log groups",
    "AWS::CloudWatch::Alarm": "alarms",
    "AWS::Events::Rule": "event rules",
    "AWS::Logs::MetricFilter": "metric filters",
    "AWS::SNS::Subscription": "subscriptions",
}

_TITLES = {
    "AWS::S3::Bucket": "S3 bucket",
    "AWS::KMS::Key": "KMS key",
    "AWS::Lambda::Function": "Lambda function",
    "AWS::SNS::Topic": "SNS topic",
    "AWS::SQS::Queue": "SQS queue",
    "AWS::DynamoDB::Table": "DynamoDB table",
    "AWS::EC2::FlowLog": "VPC flow log",
    "AWS::EC2::InternetGateway": "internet gateway",
    "AWS::EC2::NatGateway": "NAT gateway",
    "AWS::CloudWatch::Dashboard": "CloudWatch dashboard",
    "AWS::Budgets::Budget": "budget",
    "AWS::SecretsManager::Secret": "secret",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One box.

    Attributes:
        key: Its identifier in the drawing.
        lines: What is written in it.
        members: The resources that it stands for.
    """

    key: str
    lines: tuple[str, ...]
    members: tuple[Resource, ...]

    @property
    def kind(self) -> str:
        """Type of its resources."""
        return self.members[0].kind


def nodes(assembly: Assembly) -> tuple[Node, ...]:
    """All boxes, in the order of their resources."""
    roles = {user: role for role, users in holders(assembly).items() for user in users}
    members: dict[str, list[Resource]] = {}
    for each in assembly.resources:
        if each.kind not in NOT_DRAWN:
            members.setdefault(_key(each), []).append(each)
    return tuple(_node(key, tuple(found), assembly, roles) for key, found in members.items())


def plain_name(resource: Resource) -> str:
    """What a resource is called where that is fixed, a bucket without account and region; else its id."""
    if resource.name is None:
        return resource.plain_id
    return re.sub(r"-\d{12}-[a-z0-9-]+$", "-…", resource.name)


def _key(resource: Resource) -> str:
    if resource.kind.startswith("AWS::RedshiftServerless::"):
        return "warehouse"
    if resource.kind == "AWS::EC2::VPCEndpoint":
        return f"{resource.properties['VpcEndpointType']}Endpoints"
    if resource.kind in _GROUPED:
        return resource.kind.rpartition("::")[2]
    return f"{resource.stack.rpartition('-')[2]}_{resource.plain_id}"


def _node(
    key: str, members: tuple[Resource, ...], assembly: Assembly, roles: Mapping[Resource, Resource]
) -> Node:
    first = members[0]
    describe = _DESCRIPTIONS.get(first.kind, _described)
    taken = dict.fromkeys(roles[each].plain_id for each in members if each in roles)
    role = (f"as {', '.join(taken)}",) if taken else ()
    return Node(key, (*describe(members, assembly), *role), members)


def _described(members: tuple[Resource, ...], _: Assembly) -> tuple[str, ...]:
    first = members[0]
    if first.kind in _GROUPED:
        return (f"{len(members)} {_GROUPED[first.kind]}",)
    title = _TITLES.get(first.kind, first.kind)
    return (title,) if first.kind.startswith("AWS::EC2::") else (title, plain_name(first))


def _environment(members: tuple[Resource, ...], _: Assembly) -> tuple[str, ...]:
    found = members[0].properties
    workers = f"{found['MinWorkers']} to {found['MaxWorkers']} workers"
    size = f"Airflow {found['AirflowVersion']}, {found['EnvironmentClass']}"
    return ("MWAA environment", str(found["Name"]), size, workers)


def _warehouse(members: tuple[Resource, ...], _: Assembly) -> tuple[str, ...]:
    computing = [each for each in members if each.kind == "AWS::RedshiftServerless::Workgroup"]
    sizes = [
        f"{each.properties['WorkgroupName']}, {each.properties['BaseCapacity']} RPUs" for each in computing
    ]
    return ("Redshift Serverless", *sizes)


def _endpoints(members: tuple[Resource, ...], _: Assembly) -> tuple[str, ...]:
    first = members[0]
    if first.properties["VpcEndpointType"] == "Gateway":
        return ("gateway endpoint", "to S3")
    return (f"{len(members)} interface endpoints", *_in_rows(_service(each) for each in members))


def _in_rows(words: Iterable[str], width: int = 3) -> tuple[str, ...]:
    listed = sorted(words)
    return tuple(", ".join(listed[start : start + width]) for start in range(0, len(listed), width))


def _service(endpoint: Resource) -> str:
    name = endpoint.properties["ServiceName"]
    return str(name).split(".", 3)[3] if isinstance(name, str) else endpoint.plain_id


def _key_of_encryption(members: tuple[Resource, ...], assembly: Assembly) -> tuple[str, ...]:
    (found,) = members
    encrypted = Counter(
        _encrypted_as(each.kind)
        for each in assembly.resources
        if each.kind not in NOT_DRAWN and found in assembly.references(each.stack, dict(each.properties))
    )
    listed = (f"{count} {name}{'s' * (count > 1)}" for name, count in encrypted.items())
    return ("KMS key", "encrypts", *_in_rows(listed, 2))


def _encrypted_as(kind: str) -> str:
    known = {"AWS::MWAA::Environment": "environment", "AWS::RedshiftServerless::Namespace": "warehouse"}
    singular = _GROUPED.get(kind, "").removesuffix("s")
    return known.get(kind) or singular or _TITLES.get(kind, kind).split(" ")[-1]


_DESCRIPTIONS: Mapping[str, Callable[[tuple[Resource, ...], Assembly], tuple[str, ...]]] = {
    "AWS::MWAA::Environment": _environment,
    "AWS::RedshiftServerless::Namespace": _warehouse,
    "AWS::RedshiftServerless::Workgroup": _warehouse,
    "AWS::EC2::VPCEndpoint": _endpoints,
    "AWS::KMS::Key": _key_of_encryption,
}
