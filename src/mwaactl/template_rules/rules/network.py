"""Rules about the subnets of an environment."""

from collections.abc import Iterator

from mwaactl.template_rules.routes import Way, endpoint_services, subnets_of, way_out
from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.values import as_list, as_mapping, is_absent, is_intrinsic, switch, text

_PAGE = f"{DOCS}/networking-about.html"
_COUNT = 2
_MOST_GROUPS = 5
_PLACE = ("NetworkConfiguration", "SubnetIds")
# What MWAA itself calls from subnets without a way out; S3 may have either kind of endpoint.
NEEDED_SERVICES = frozenset({"ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "s3", "sqs"})


def _subnet_ids(subject: Subject) -> object:
    return as_mapping(subject.properties.get("NetworkConfiguration")).get("SubnetIds")


def _given(subject: Subject) -> Iterator[Found]:
    if is_absent(subject.properties.get("NetworkConfiguration")):
        yield (), "NetworkConfiguration is missing"


def _two(subject: Subject) -> Iterator[Found]:
    ids = _subnet_ids(subject)
    if isinstance(ids, list) and len(ids) != _COUNT:
        yield _PLACE, f"Amazon MWAA takes exactly two subnets, not {len(ids)}"


def _distinct(subject: Subject) -> Iterator[Found]:
    subnets = subnets_of(subject)
    places = [each.place for each in subnets]
    zones = [_zone(each.properties.get("AvailabilityZone")) for each in subnets]
    known = [zone for zone in zones if zone is not None]
    if len(set(places)) < len(places) or len(set(known)) < len(known):
        yield _PLACE, "the subnets lie in one availability zone"


def _zone(value: object) -> str | None:
    match value:
        case {"Fn::Select": [index, {"Fn::GetAZs": _}]}:
            return f"number {index}"
        case _:
            return text(value)


def _private(subject: Subject) -> Iterator[Found]:
    for subnet in subnets_of(subject):
        name = subnet.logical_id
        if switch(subnet.properties.get("MapPublicIpOnLaunch")):
            yield ("MapPublicIpOnLaunch",), f"the subnet {name} gives out public addresses", subnet
        elif way_out(subject.templates, subnet) is Way.INTERNET:
            yield (), f"the subnet {name} is public: it has a route to an internet gateway", subnet


def _reaches_aws(subject: Subject) -> Iterator[Found]:
    for subnet in subnets_of(subject):
        vpc = subject.templates.behind(subnet.template, subnet.properties.get("VpcId"))
        if vpc is None or way_out(subject.templates, subnet) is not Way.NONE:
            continue
        services = endpoint_services(subject.templates, vpc)
        if services is not None and (missing := sorted(NEEDED_SERVICES - services)):
            lacking = ", ".join(missing)
            yield (), f"the subnet {subnet.logical_id} has neither NAT nor endpoints for {lacking}", subnet


def _groups(subject: Subject) -> Iterator[Found]:
    network = as_mapping(subject.properties.get("NetworkConfiguration"))
    groups = network.get("SecurityGroupIds")
    count = len(as_list(groups))
    if network and not is_intrinsic(network) and not is_intrinsic(groups) and not 1 <= count <= _MOST_GROUPS:
        place = ("NetworkConfiguration", "SecurityGroupIds")
        yield place, f"Amazon MWAA takes one to five security groups, not {count}"


NETWORK_RULES = (
    TemplateRule(
        "MW025",
        "error",
        "The environment has a network",
        "give two private subnets and a security group in NetworkConfiguration",
        _PAGE,
        _given,
    ),
    TemplateRule("MW026", "error", "There are exactly two subnets", "give two", _PAGE, _two),
    TemplateRule(
        "MW027",
        "error",
        "The subnets lie in different availability zones",
        "take subnets of two zones; they cannot be changed later",
        _PAGE,
        _distinct,
    ),
    TemplateRule(
        "MW028",
        "error",
        "The subnets are private",
        "take subnets whose default route leads to a NAT gateway, or that have none",
        _PAGE,
        _private,
    ),
    TemplateRule(
        "MW029",
        "error",
        "The subnets reach what Amazon MWAA calls",
        "add a NAT gateway, or the endpoints",
        f"{DOCS}/vpc-vpe-create-access.html",
        _reaches_aws,
    ),
    TemplateRule(
        "MW030",
        "error",
        "There are one to five security groups",
        "give one to five in NetworkConfiguration.SecurityGroupIds",
        f"{DOCS}/vpc-security.html",
        _groups,
    ),
)
