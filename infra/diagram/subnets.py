"""The subnets of a VPC: in which zone they are, where their routes lead, and what stands in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.diagram.assembly import Assembly, Resource

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Subnet:
    """One subnet.

    Attributes:
        way_out: What its route to everywhere leads to; None without such a route.
        inside: Resources that stand in it.
    """

    resource: Resource
    zone: str
    cidr: str
    way_out: Resource | None
    inside: tuple[Resource, ...]


def subnets(assembly: Assembly) -> tuple[Subnet, ...]:
    """All subnets, by zone and address."""
    tables = {
        subnet: table
        for each in assembly.of("AWS::EC2::SubnetRouteTableAssociation")
        for subnet in assembly.references(each.stack, each.properties["SubnetId"])
        for table in assembly.references(each.stack, each.properties["RouteTableId"])
    }
    ways_out = dict(_ways_out(assembly))
    found = [
        Subnet(
            resource=each,
            zone=str(each.properties["AvailabilityZone"]),
            cidr=str(each.properties["CidrBlock"]),
            way_out=ways_out.get(tables[each]) if each in tables else None,
            inside=tuple(_inside(assembly, each)),
        )
        for each in assembly.of("AWS::EC2::Subnet")
    ]
    return tuple(sorted(found, key=lambda each: (each.zone, each.cidr)))


def _ways_out(assembly: Assembly) -> Iterator[tuple[Resource, Resource]]:
    for route in assembly.of("AWS::EC2::Route"):
        if route.properties.get("DestinationCidrBlock") != _ANYWHERE:
            continue
        for table in assembly.references(route.stack, route.properties["RouteTableId"]):
            gateways = [route.properties.get("NatGatewayId"), route.properties.get("GatewayId")]
            for gateway in assembly.references(route.stack, gateways):
                yield table, gateway


def _inside(assembly: Assembly, subnet: Resource) -> Iterator[Resource]:
    for each in assembly.resources:
        if each.kind.startswith("AWS::EC2::") and each.kind not in {
            "AWS::EC2::NatGateway",
            "AWS::EC2::VPCEndpoint",
        }:
            continue
        placed = [
            each.properties.get(name)
            for name in ("SubnetId", "SubnetIds", "NetworkConfiguration", "VpcConfig")
        ]
        if subnet in assembly.references(each.stack, placed):
            yield each
