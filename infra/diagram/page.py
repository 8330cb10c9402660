"""The page that shows what is deployed."""

from collections import Counter
from collections.abc import Iterator

from infra.diagram.assembly import Assembly
from infra.diagram.mermaid import flow_drawing, network_drawing
from infra.diagram.nodes import NOT_DRAWN

_INTRODUCTION = """# What is deployed

Drawn by `make docs` from the synthesised templates of `prod` as it stands in `mwaactl.toml`. An arrow is
there because a policy grants it or a property refers to it. A test compares this page with the templates.

## Who does what

"""
_NETWORK = """
## Network

With a NAT gateway in each zone, as `prod` has it (`nat = "per-zone"`):

"""
_PRIVATE = """
Without a way to the internet (`nat = "none"`), in `dev`:

"""
_RESOURCES = """
## All resources

| stack | type | number | not drawn, because it |
|---|---|--:|---|
"""


def page(prod: Assembly, private: Assembly, title: str) -> str:
    """Write the page.

    Args:
        prod: Templates of the environment that is shown.
        private: Templates of one without NAT gateways, for its network.
        title: Account and region of the first.
    """
    return "".join(
        [
            _INTRODUCTION,
            _block(flow_drawing(prod, title)),
            _NETWORK,
            _block(network_drawing(prod)),
            _PRIVATE,
            _block(network_drawing(private)),
            _RESOURCES,
            *_rows(prod),
        ]
    )


def _block(drawing: str) -> str:
    return f"```mermaid\n{drawing}```\n"


def _rows(assembly: Assembly) -> Iterator[str]:
    counts = Counter((each.stack, each.kind) for each in assembly.resources)
    for (stack, kind), count in sorted(counts.items()):
        yield f"| {stack} | `{kind}` | {count} | {NOT_DRAWN.get(kind, '')} |\n"
