"""Picks assets by `name`, `+name` (with upstream) and `name+` (with downstream), and orders their DAGs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from mwaactl.errors import OperationError

type Upstream = Mapping[str, frozenset[str]]
"""What each asset is made of, by name."""


@dataclass(frozen=True, slots=True)
class DagStep:
    """A DAG to run, and what of the selection it makes."""

    dag_id: str
    assets: tuple[str, ...]


def select_assets(selections: tuple[str, ...], upstream: Upstream) -> frozenset[str]:
    """Return the names that selections mean, together.

    Raises:
        OperationError: A name is not known; the hint names those that are most like it.
    """
    downstream: dict[str, frozenset[str]] = {
        name: frozenset(other for other, needs in upstream.items() if name in needs) for name in upstream
    }
    found = set[str]()
    for selection in selections:
        name = known_asset(selection.removeprefix("+").removesuffix("+"), upstream)
        found.add(name)
        if selection.startswith("+"):
            found |= _reach(name, upstream)
        if selection.endswith("+"):
            found |= _reach(name, downstream)
    return frozenset(found)


def known_asset(name: str, known: Mapping[str, object]) -> str:
    """Return a name that is known.

    Raises:
        OperationError: It is not.
    """
    if name in known:
        return name
    near = get_close_matches(name, sorted(known), n=3, cutoff=0.6)
    meant = f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else None
    hint = meant or "`mwaactl asset list` shows all of them"
    message = f"Airflow knows no asset `{name}`"
    raise OperationError(message, hint=hint, code="asset.unknown")


def dag_steps(
    selected: frozenset[str], upstream: Upstream, made_by: Mapping[str, str]
) -> tuple[DagStep, ...]:
    """Return the DAGs that make the selected assets, each after those that make what its own are made of.

    An asset that no DAG makes stands for data from outside, and needs no run.

    Args:
        selected: Names of assets.
        upstream: What each asset is made of.
        made_by: The DAG that makes an asset, by name.

    Raises:
        OperationError: DAGs wait for each other, or none makes anything of the selection.
    """
    makes: dict[str, list[str]] = {}
    for name in sorted(selected & made_by.keys()):
        makes.setdefault(made_by[name], []).append(name)
    if not makes:
        names = ", ".join(f"`{name}`" for name in sorted(selected))
        message = f"no DAG makes {names}"
        raise OperationError(message, code="asset.not-made")
    needs = {
        dag: {made_by[need] for name in names for need in _made(name, upstream, made_by)} - {dag}
        for dag, names in makes.items()
    }
    try:
        order = [dag for dag in TopologicalSorter(needs).static_order() if dag in makes]
    except CycleError as error:
        circle = " → ".join(f"`{dag}`" for dag in reversed(error.args[1]))
        message = f"DAGs wait for one another: {circle}"
        raise OperationError(message, code="asset.circle") from None
    return tuple(DagStep(dag, tuple(makes[dag])) for dag in order)


def _made(name: str, upstream: Upstream, made_by: Mapping[str, str]) -> frozenset[str]:
    return frozenset(need for need in _reach(name, upstream) if need in made_by)


def _reach(name: str, edges: Upstream) -> frozenset[str]:
    found, left = set[str](), [name]
    while left:
        for other in edges.get(left.pop(), ()):
            if other not in found:
                found.add(other)
                left.append(other)
    return frozenset(found)
