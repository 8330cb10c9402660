"""Where the subnets of an environment lead to."""

from collections.abc import Iterator
from enum import Enum

from mwaactl.template_rules.rule import Subject
from mwaactl.template_rules.templates import Resource, Templates
from mwaactl.template_rules.values import as_list, as_mapping, text

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


class Way(Enum):
    """Where a subnet's default route leads to."""

    INTERNET = "internet gateway"
    GATEWAY = "NAT or transit gateway"
    NONE = "nowhere"
    UNKNOWN = "unknown"


def subnets_of(subject: Subject) -> list[Resource]:
    """Returns the environment's subnets, as far as the templates have them."""
    network = as_mapping(subject.properties.get("NetworkConfiguration"))
    here = subject.resource.template
    found = [subject.templates.behind(here, each) for each in as_list(network.get("SubnetIds"))]
    return [each for each in found if each is not None and each.kind == "AWS::EC2::Subnet"]


def way_out(templates: Templates, subnet: Resource) -> Way:
    """Returns where a subnet's traffic to the internet goes.

    A subnet without a route table of its own has the VPC's main one, of which nothing is known here.
    """
    tables = [
        templates.behind(each.template, each.properties.get("RouteTableId"))
        for each in templates.referring("AWS::EC2::SubnetRouteTableAssociation", "SubnetId", subnet)
    ]
    if not tables or any(table is None for table in tables):
        return Way.UNKNOWN
    routes = [route for table in tables if table is not None for route in _default_routes(templates, table)]
    if any("GatewayId" in route.properties for route in routes):
        return Way.INTERNET
    return Way.GATEWAY if routes else Way.NONE


def endpoint_services(templates: Templates, vpc: Resource) -> set[str] | None:
    """Returns the services with an endpoint in a VPC, such as `sqs`; None where a name is not known."""
    names: set[str] = set()
    for endpoint in templates.referring("AWS::EC2::VPCEndpoint", "VpcId", vpc):
        name = _service(endpoint)
        if name is None:
            return None
        names.add(name)
    return names


def _service(endpoint: Resource) -> str | None:
    match endpoint.properties.get("ServiceName"):
        case str(name):
            return ".".join(name.split(".")[3:])
        case {"Fn::Join": ["", ["com.amazonaws.", _, str(rest)]]}:
            return rest.removeprefix(".")
        case {"Fn::Sub": str(pattern)}:
            return pattern.partition("${AWS::Region}.")[2] or None
        case _:
            return None


def _default_routes(templates: Templates, table: Resource) -> Iterator[Resource]:
    for route in templates.referring("AWS::EC2::Route", "RouteTableId", table):
        properties = route.properties
        target = text(properties.get("DestinationCidrBlock")) or text(
            properties.get("DestinationIpv6CidrBlock")
        )
        if target in _EVERYWHERE:
            yield route
