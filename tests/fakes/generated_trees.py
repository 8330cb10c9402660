"""Generates DAG folders that import without error, and changes from one to another, for hypothesis.

A folder is a list of modules in an order: each uses only what stands before it, so that none is in a circle.
The modules of a package stand together and before its `__init__`, which may pass on what they have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLACES = (
    ("p/m0", "p/m1", "p/m2", "p/__init__"),
    ("n/m0", "n/k/m1"),
    ("r0",),
    ("r1",),
)
# A module, or a package of the same name.
EITHER = (("r2",), ("r2/m0", "r2/__init__"))
DAGS = ("d0", "d1", "n/d2")
NAMES = ("a", "b", "c", "d", "e")
AT_ONCE = ("from", "import", "as", "member", "relative", "star", "call", "loaded", "handled")
LATER = ("later", "later_attribute")


@dataclass(frozen=True)
class Use:
    """Takes a name from the module at a place."""

    place: str
    name: str
    style: str


@dataclass(frozen=True)
class Module:
    """A Python file at a place, which is its path without `.py`."""

    place: str
    names: frozenset[str]
    body: int = 0
    uses: tuple[Use, ...] = ()

    @property
    def is_dag(self) -> bool:
        return self.place in DAGS


type Folder = Mapping[str, Module]


def dotted(place: str) -> str:
    return place.removesuffix("/__init__").replace("/", ".")


def offered(folder: Folder, place: str) -> frozenset[str]:
    """Names that another module may take: its own, and what its import statements bind."""
    module = folder[place]
    passed_on = (use.name for use in module.uses if use.style in ("from", "relative", "star", "handled"))
    return module.names.union(passed_on)


def sources(folder: Folder) -> dict[str, str]:
    """Path below the DAG folder to source."""
    return {f"{place}.py": _source(module) for place, module in folder.items()}


def _source(module: Module) -> str:
    lines = [f"# {module.body}", "import sys"]
    for number, use in enumerate(module.uses):
        lines += _statements(module.place, use, number)
    lines += [line for name in sorted(module.names) for line in _definition(name, module.body)]
    if module.is_dag:
        lines += ["from airflow import DAG", f"DAG({module.place!r})"]
    return "\n".join([*lines, ""])


def _definition(name: str, body: int) -> list[str]:
    match name:
        case "a":
            return [f"def a():\n    return {body}"]
        case "b":
            return [f"class b:\n    body = {body}"]
        case "d":
            return ["try:", f"    d = {body} / 0", "except ZeroDivisionError:", f"    d = {body}"]
        case "e":
            return ["if sys.version_info > (3,):", f"    e = {body}"]
        case _:
            return [f"{name} = {body}"]


def _statements(place: str, use: Use, number: int) -> list[str]:
    module = dotted(use.place)
    package, _, last = module.rpartition(".")
    folder = place.rpartition("/")[0].replace("/", ".")
    style = use.style
    if style == "member" and not package:
        style = "as"
    if style == "relative" and (place in DAGS or not package or folder != package):
        style = "from"
    words = {"module": module, "package": package, "last": last, "name": use.name, "n": number}
    return _STATEMENTS[style].format(**words).split("\n")


_STATEMENTS = {
    "from": "from {module} import {name}",
    "import": "import {module}\nv{n} = {module}.{name}",
    "as": "import {module} as t{n}\nv{n} = t{n}.{name}",
    "member": "from {package} import {last} as t{n}\nv{n} = t{n}.{name}",
    "relative": "from .{last} import {name}",
    "star": "from {module} import *\nv{n} = {name}",
    "call": "def f{n}():\n    from {module} import {name}\nf{n}()",
    "loaded": "import importlib\nt{n} = importlib.import_module('{module}')\nv{n} = t{n}.{name}",
    "handled": "try:\n    from {module} import {name}\nexcept ImportError:\n    {name} = None",
    "later": "def run{n}():\n    from {module} import {name}",
    "later_attribute": "def run{n}():\n    import {module}\n    return {module}.{name}",
}


# Few and simple draws: hypothesis takes longer to choose than the rest takes to run.
_INDEX = st.integers(0, 59)
_PRESENT = st.integers(0, 2**15 - 1)
_FLAG = st.booleans()
_SETS = tuple(frozenset(each) for each in ("a", "ab", "bc", "cde", "ae", "abcde"))


def _pick[Item](draw: st.DrawFn, items: Sequence[Item]) -> Item:
    return items[draw(_INDEX) % len(items)]


def _order(draw: st.DrawFn) -> list[str]:
    """Draws places in an order in which each may use those before it."""
    blocks = [*PLACES, _pick(draw, EITHER)]
    blocks = [blocks.pop(draw(_INDEX) % len(blocks)) for _ in range(len(blocks))]
    present = draw(_PRESENT)
    places = [place for block in blocks for place in block]
    return [place for number, place in enumerate(places) if not present >> number & 1]


def _folder(draw: st.DrawFn) -> Folder:
    """Draws a folder in which everything that is used is there."""
    folder: dict[str, Module] = {}
    for place in (*_order(draw), *_pick(draw, (DAGS[:1], DAGS[:2], DAGS))):
        module = Module(place, _pick(draw, _SETS), draw(_INDEX) % 3)
        folder[place] = replace(module, uses=_uses(draw, folder, place))
    return folder


def _uses(draw: st.DrawFn, before: Folder, place: str) -> tuple[Use, ...]:
    """Draws what a module at a place uses of the modules before it."""
    usable = [each for each in before if not place.startswith(f"{dotted(each)}/") and each not in DAGS]
    found = []
    for _ in range(_pick(draw, (0, 1, 1, 2, 3)) if usable else 0):
        target = _pick(draw, usable)
        name = _pick(draw, sorted(offered(before, target)))
        # A name that is there only under a condition is not passed on, so that it stays one.
        styles = (*AT_ONCE, *LATER) if name != "e" else ("as", "import", "call", "later")
        found.append(Use(target, name, _pick(draw, styles)))
    return tuple(found)


@st.composite
def additive_changes(draw: st.DrawFn) -> tuple[Folder, Folder]:
    """Draws a folder and one that takes nothing away from it that is in use.

    Modules get further names, other bodies and other uses, in another order; modules and DAGs come, and what
    nothing uses any more goes. A package stays one: its `__init__` is used by whatever uses a part of it.
    """
    old, drawn = _folder(draw), _folder(draw)
    for package in ("p", "r2"):
        if f"{package}/__init__" in old and f"{package}/__init__" not in drawn:
            drawn = {place: each for place, each in drawn.items() if not place.startswith(f"{package}/")}
    new: dict[str, Module] = {}
    for place, module in drawn.items():
        kept = old.get(place)
        if _hides(place, old):
            continue
        if kept is not None and draw(_FLAG) and _can_stay(kept, new):
            new[place] = kept
        else:
            names = module.names | offered(old, place) if kept else module.names
            new[place] = replace(module, names=names, uses=_possible(module, new))
    return old, new


def _hides(place: str, old: Folder) -> bool:
    """A package hides a module of its name, and a module hides a folder."""
    return (
        f"{place}/m0" in old
        or f"{place}/__init__" in old
        or ("/" in place and place.partition("/")[0] in old)
    )


def _can_stay(module: Module, new: Folder) -> bool:
    return all(use.place in new and use.name in offered(new, use.place) for use in module.uses)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Folder, Folder]:
    """Draws two folders; of the second some modules are those of the first."""
    old, drawn = _folder(draw), _folder(draw)
    new: dict[str, Module] = {}
    for place, module in drawn.items():
        kept = old.get(place)
        stays = kept is not None and draw(_FLAG) and _can_stay(kept, new)
        new[place] = kept if stays and kept is not None else replace(module, uses=_possible(module, new))
    return old, new


def _possible(module: Module, new: Folder) -> tuple[Use, ...]:
    return tuple(use for use in module.uses if use.place in new and use.name in offered(new, use.place))
