"""Rules about the security groups of an environment."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaactl.template_rules.rule import DOCS, Found, Path, Subject, TemplateRule
from mwaactl.template_rules.templates import Resource
from mwaactl.template_rules.values import as_list, as_mapping, number, text

_PAGE = f"{DOCS}/vpc-security.html"
_GROUP = "AWS::EC2::SecurityGroup"
_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_NEEDED_PORTS = (443, 5432)  # web server and database
_DISALLOWED = "255.255.255.255/32"  # how the CDK writes that nothing may go out

type Entry = tuple[Resource, Path, Mapping[str, Any]]


def _groups(subject: Subject) -> list[Resource]:
    network = as_mapping(subject.properties.get("NetworkConfiguration"))
    found = [
        subject.templates.behind(subject.resource.template, each)
        for each in as_list(network.get("SecurityGroupIds"))
    ]
    return [each for each in found if each is not None and each.kind == _GROUP]


def _entries(subject: Subject, group: Resource, direction: str) -> Iterator[Entry]:
    """Gives the entries of a group, inside it and as resources of their own."""
    inside = f"SecurityGroup{direction}"
    for index, entry in enumerate(as_list(group.properties.get(inside))):
        yield group, (inside, index), as_mapping(entry)
    for each in subject.templates.referring(f"AWS::EC2::{inside}", "GroupId", group):
        yield each, (), each.properties


def _self_reference(subject: Subject) -> Iterator[Found]:
    groups = _groups(subject)
    places = {group.place for group in groups}
    network = as_mapping(subject.properties.get("NetworkConfiguration"))
    if not groups or len(groups) < len(as_list(network.get("SecurityGroupIds"))):
        return
    ports: set[int] = set()
    for group in groups:
        for owner, _, entry in _entries(subject, group, "Ingress"):
            source = subject.templates.behind(owner.template, entry.get("SourceSecurityGroupId"))
            if source is not None and source.place in places:
                ports |= _needed(entry)
    if missing := [str(port) for port in _NEEDED_PORTS if port not in ports]:
        first, ports_named = groups[0], " and ".join(missing)
        yield (), f"{first.logical_id} does not let its own members in by port {ports_named}", first


def _needed(entry: Mapping[str, Any]) -> set[int]:
    protocol = str(entry.get("IpProtocol"))
    if protocol == "-1":
        return set(_NEEDED_PORTS)
    least, most = number(entry.get("FromPort")), number(entry.get("ToPort"))
    if protocol not in {"tcp", "6"} or least is None or most is None:
        return set()
    return {port for port in _NEEDED_PORTS if least <= port <= most}


def _closed(subject: Subject) -> Iterator[Found]:
    for group in _groups(subject):
        for owner, path, entry in _entries(subject, group, "Ingress"):
            source = text(entry.get("CidrIp")) or text(entry.get("CidrIpv6"))
            if source in _EVERYWHERE:
                yield path, f"{group.logical_id} lets everybody in ({source})", owner


def _way_out(subject: Subject) -> Iterator[Found]:
    """A group without entries for what goes out allows everything."""
    for group in _groups(subject):
        entries = list(_entries(subject, group, "Egress"))
        if entries and all(text(entry.get("CidrIp")) == _DISALLOWED for _, _, entry in entries):
            yield ("SecurityGroupEgress",), f"{group.logical_id} lets nothing out", group


SECURITY_GROUP_RULES = (
    TemplateRule(
        "MW031",
        "error",
        "The security group lets its own members in",
        "add an ingress rule from the group itself for all traffic, or for TCP 443 and 5432",
        _PAGE,
        _self_reference,
    ),
    TemplateRule(
        "MW032",
        "error",
        "The security group does not let everybody in",
        "allow the group itself, and for a private web server the network it is used from",
        _PAGE,
        _closed,
    ),
    TemplateRule(
        "MW033",
        "error",
        "The security group lets the environment out",
        "allow what goes out: the environment calls S3, SQS, CloudWatch and its database",
        _PAGE,
        _way_out,
    ),
)
