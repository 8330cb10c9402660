"""Drawings as Mermaid, which GitHub shows in the reader's own colours, light or dark."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from infra.diagram.assembly import Assembly, Resource
from infra.diagram.flows import Flow, flows
from infra.diagram.nodes import Node, nodes
from infra.diagram.subnets import Subnet, subnets

_NETWORK = "AWS::EC2::"
_LOGS = "AWS::Logs::LogGroup"
_COLOURS = {
    "network": ("#8c4fff", (_NETWORK,)),
    "storage": ("#3f8624", ("AWS::S3::", "AWS::DynamoDB::")),
    "compute": ("#ed7100", ("AWS::MWAA::", "AWS::Lambda::")),
    "data": ("#527fff", ("AWS::RedshiftServerless::",)),
    "security": ("#dd344c", ("AWS::KMS::", "AWS::SecretsManager::")),
    "watching": (
        "#e7157b",
        ("AWS::CloudWatch::", "AWS::SNS::", "AWS::SQS::", "AWS::Events::", "AWS::Logs::", "AWS::Budgets::"),
    ),
}


def flow_drawing(assembly: Assembly, title: str) -> str:
    """Draw who does what to which resource.

    Args:
        assembly: Templates of one environment.
        title: What is written on the frame, for example account and region.
    """
    boxes = nodes(assembly)
    box_of = {member: box for box in boxes for member in box.members}
    found = [*_arrows(flows(assembly), box_of)]
    arrows = [each for each in found if each[1].kind != _LOGS]
    writers = dict.fromkeys(source.lines[0] for source, target, _ in found if target.kind == _LOGS)
    apart = [
        _written_by(each, writers) if each.kind == _LOGS else each
        for each in boxes
        if not _is_of_network(each) or _has_arrow(each, arrows)
    ]
    return _drawing(
        title,
        [_box(each) for each in apart],
        [_labelled(source, target, label) for source, target, label in arrows],
        apart,
        direction="LR",
    )


def network_drawing(assembly: Assembly) -> str:
    """Draw zones and subnets, what stands in them, and where their routes lead."""
    (vpc,) = assembly.of("AWS::EC2::VPC")
    boxes = [each for each in nodes(assembly) if _is_of_network(each)]
    box_of = {member: box for box in nodes(assembly) for member in box.members}
    listed = subnets(assembly)
    home = {
        each: subnet for subnet in listed for each in subnet.inside if each.kind == "AWS::EC2::NatGateway"
    }
    apart = [each for each in boxes if not set(home) & set(each.members)]
    body = [*_zones(listed, box_of), *(_box(each) for each in apart)]
    # A NAT gateway is drawn as part of its subnet.
    ends = {each: box.key for each, box in box_of.items()} | {
        gateway: subnet.resource.plain_id for gateway, subnet in home.items()
    }
    ways = [
        f"{each.resource.plain_id} --> {ends[each.way_out]}" for each in listed if each.way_out is not None
    ]
    return _drawing(f"VPC {vpc.properties['CidrBlock']}", body, ways, boxes)


def _drawing(
    title: str, body: Iterable[str], arrows: Iterable[str], boxes: Iterable[Node], direction: str = "TB"
) -> str:
    used = {_colour(each) for each in boxes}
    return "\n".join(
        [
            "flowchart LR",
            f'  subgraph frame["{title}"]',
            f"    direction {direction}",
            *(f"    {line}" for line in body),
            "  end",
            *(f"  {arrow}" for arrow in arrows),
            *(
                f"  classDef {name} stroke:{colour},stroke-width:2px"
                for name, (colour, _) in _COLOURS.items()
                if name in used
            ),
            "",
        ]
    )


def _zones(listed: Iterable[Subnet], box_of: Mapping[Resource, Node]) -> Iterator[str]:
    found = tuple(listed)
    for zone in dict.fromkeys(each.zone for each in found):
        yield f'subgraph {zone.replace("-", "_")}["{zone}"]'
        for subnet in (each for each in found if each.zone == zone):
            names = dict.fromkeys(box_of[each].lines[0] for each in subnet.inside)
            text = _text((f"{_kind_of(subnet)} subnet", subnet.cidr, *names))
            yield f'  {subnet.resource.plain_id}["{text}"]:::network'
        yield "end"


def _kind_of(subnet: Subnet) -> str:
    if subnet.way_out is None:
        return "isolated"
    return "public" if subnet.way_out.kind == "AWS::EC2::InternetGateway" else "private"


def _arrows(found: Iterable[Flow], box_of: Mapping[Resource, Node]) -> Iterator[tuple[Node, Node, str]]:
    """One arrow between two boxes, with all that one does to the other."""
    said: dict[tuple[Node, Node], dict[str, dict[str, None]]] = {}
    for flow in found:
        source, target = box_of.get(flow.source), box_of.get(flow.target)
        if source is not None and target is not None and source != target:
            paths = said.setdefault((source, target), {}).setdefault(flow.verb, {})
            paths.update(dict.fromkeys(flow.paths))
    for (source, target), verbs in said.items():
        if "reads" in verbs:
            verbs.pop("lists", None)
        yield (
            source,
            target,
            _text(" ".join([verb, ", ".join(paths)]).strip() for verb, paths in verbs.items()),
        )


def _labelled(source: Node, target: Node, label: str) -> str:
    return f'{source.key} -->|"{label}"| {target.key}'


def _written_by(logs: Node, writers: Iterable[str]) -> Node:
    """Name who writes logs in their box: arrows from everywhere would hide the others."""
    return replace(logs, lines=(*logs.lines, *(f"of the {each}" for each in writers)))


def _has_arrow(node: Node, arrows: Iterable[tuple[Node, Node, str]]) -> bool:
    return any(node in (source, target) for source, target, _ in arrows)


def _is_of_network(node: Node) -> bool:
    return node.kind.startswith(_NETWORK)


def _box(node: Node) -> str:
    return f'{node.key}["{_text(node.lines)}"]:::{_colour(node)}'


def _colour(node: Node) -> str:
    return next((name for name, (_, kinds) in _COLOURS.items() if node.kind.startswith(kinds)), "other")


def _text(lines: Iterable[str]) -> str:
    return "<br>".join(line.replace('"', "'") for line in lines if line)
