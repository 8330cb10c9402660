"""Requests to MWAA made from botocore's model of it: such as keep to the model, and such as break it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from botocore.model import ListShape, MapShape, StructureShape
from hypothesis import strategies as st

from mwaactl.emulator.mwaa.service_model import service_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel, Shape
    from hypothesis.strategies import DrawFn, SearchStrategy

type Known = Mapping[str, list[str]]
"""Values that exist, by the name of their shape: what is made of the model alone is rarely accepted."""

LONGEST = 200
TEXT = st.characters(exclude_categories=["Cs"])
TAG_CHARACTERS = st.characters(categories=["L", "Zs", "N"], include_characters="_.:/=+-@")
JSON_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(TEXT)
DOCUMENTS = st.recursive(
    JSON_SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(TEXT), inner, max_size=3),
)
WRONG_TYPES: dict[str, list[object]] = {
    "string": [1, True, 1.5, [], {}, ["x"]],
    "integer": ["1", True, 1.5, [], {}, 2**31, 10**400],
    "boolean": ["true", 1, 0, [], {}],
    "double": ["1", True, [], {}],
    "timestamp": ["yesterday", True, [], {}, 1e300],
    "list": ["x", 1, {}, [None], True],
    "map": ["x", 1, [], {"k": None}, True],
    "structure": ["x", 1, [], True],
}
NO_OBJECTS = [b"{", b"[]", b"null", b'"x"', b"7", b"\xff\xfe{}", b"{'a': 1}", b'{"a": NaN}', b'{"a":' * 9999]
CONTENT_TYPES = [
    None,
    "application/json",
    "application/x-amz-json-1.1",
    "application/x-www-form-urlencoded",
    "text/plain; charset=utf-16",
    "multipart/form-data",
]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One HTTP request.

    Attributes:
        broken: Whether it breaks the model, so that it must be refused.
    """

    method: str
    target: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    broken: bool = False


def operation(name: str) -> OperationModel:
    return service_model().operation_model(name)


@st.composite
def requests(draw: DrawFn, name: str, known: Known) -> ModelRequest:
    """Return a request for the operation: one of three keeps to the model."""
    model = operation(name)
    is_broken = draw(st.sampled_from([False, True, True]))
    shape: Any = model.input_shape
    in_body = [member for member, of in shape.members.items() if "location" not in of.serialization]
    needs_body = not set(in_body).isdisjoint(shape.required_members)
    if is_broken and needs_body and draw(st.booleans()):
        members, body = draw(valid(shape, known)), draw(st.sampled_from([*NO_OBJECTS, b"", b" {}"]))
    else:
        members = draw(broken_structure(shape, known) if is_broken else valid(shape, known))
        body = _encoded({key: members[key] for key in in_body if key in members} | draw(_unknown_members()))
    return ModelRequest(model.http["method"], _target(model, members), body, draw(_headers()), is_broken)


@st.composite
def misdirected(draw: DrawFn) -> ModelRequest:
    """Return a request that is no operation of MWAA: a known path with another method, or another path."""
    model = operation(draw(st.sampled_from(sorted(service_model().operation_names))))
    path = _target(model, {})
    taken = {
        one.http["method"] for one in map(operation, service_model().operation_names) if _same(one, model)
    }
    methods = {"GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} - taken
    elsewhere = st.text(TEXT, min_size=1, max_size=30).map(lambda text: f"/{quote(f'no{text}', safe='/')}")
    if draw(st.booleans()):
        return ModelRequest(draw(st.sampled_from(sorted(methods))), path, b"{}", draw(_headers()))
    method = draw(st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE"]))
    return ModelRequest(method, draw(elsewhere), b"{}", draw(_headers()))


def valid(shape: Shape, known: Known) -> SearchStrategy[Any]:
    """Return values that keep to a shape and its constraints."""
    match shape:
        case StructureShape() if getattr(shape, "is_document_type", False):
            return st.dictionaries(st.text(TEXT, max_size=5), DOCUMENTS, max_size=2)
        case StructureShape():
            return _valid_structure(shape, known)
        case ListShape():
            return st.lists(valid(shape.member, known), **_sizes(shape, 3))
        case MapShape():
            return st.dictionaries(valid(shape.key, known), valid(shape.value, known), **_sizes(shape, 3))
        case _:
            return _valid_scalar(shape, known)


@st.composite
def _valid_structure(draw: DrawFn, shape: StructureShape, known: Known) -> dict[str, Any]:
    """Return the required members and a few of the others."""
    optional = sorted(set(shape.members) - set(shape.required_members))
    some = draw(st.lists(st.sampled_from(optional), max_size=4, unique=True)) if optional else []
    return {name: draw(valid(shape.members[name], known)) for name in [*shape.required_members, *some]}


def _valid_scalar(shape: Shape, known: Known) -> SearchStrategy[Any]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    match shape.type_name:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(-(2**31) if least is None else least, 2**31 - 1 if most is None else most)
        case "double":
            return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9)
        case "timestamp":
            return st.integers(0, 2**31)
        case _:
            return _valid_text(shape, known)


def _valid_text(shape: Shape, known: Known) -> SearchStrategy[str]:
    pattern, sizes = shape.metadata.get("pattern"), _sizes(shape, LONGEST)
    if enum := shape.metadata.get("enum"):
        return st.sampled_from(enum)
    if pattern and r"\p{" in pattern:
        made = st.text(TAG_CHARACTERS, **sizes)
    elif pattern:
        fits = range(sizes["min_size"], sizes["max_size"] + 1)
        made = st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).filter(
            lambda text: len(text) in fits
        )
    else:
        made = st.text(TEXT, **sizes)
    return st.sampled_from(known[shape.name]) | made if shape.name in known else made


@st.composite
def broken_structure(draw: DrawFn, shape: StructureShape, known: Known) -> Any:
    """Return a structure with one member too few, or one that breaks its own shape."""
    value = draw(valid(shape, known))
    breakable = [
        name for name, member in shape.members.items() if not getattr(member, "is_document_type", False)
    ]
    name = draw(st.sampled_from(breakable))
    member = shape.members[name]
    where = member.serialization.get("location")
    if name in shape.required_members and where != "uri" and draw(st.booleans()):
        del value[name]
    elif where:
        value[name] = draw(_broken_text_outside_the_body(member))
    else:
        value[name] = draw(broken(member, known))
    return value


def broken(shape: Shape, known: Known) -> SearchStrategy[Any]:
    """Return values that break a shape: of another type, or against a constraint."""
    wrong = st.sampled_from(WRONG_TYPES[shape.type_name])
    match shape:
        case StructureShape():
            return wrong | broken_structure(shape, known)
        case ListShape():
            return wrong | st.tuples(valid(shape.member, known), broken(shape.member, known)).map(list)
        case MapShape():
            keyed = st.tuples(valid(shape.key, known), broken(shape.value, known))
            return wrong | keyed.map(lambda entry: dict([entry]))
        case _:
            violations = _violations(shape)
            return wrong if violations is None else wrong | violations


def _violations(shape: Shape) -> SearchStrategy[Any] | None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    wanted: list[SearchStrategy[Any]] = []
    if shape.type_name == "integer":
        wanted += [st.integers(-(2**31), least - 1)] if least is not None else []
        wanted += [st.integers(most + 1, 2**31 - 1)] if most is not None else []
    if shape.type_name == "string":
        wanted += [st.just("")] if least else []
        wanted += [st.integers(1, 9).map(lambda more: "x" * (most + more))] if most else []
        wanted += [st.sampled_from(["\ud800", "x\udfff"])]
        wanted += [_unmatched()] if {"enum", "pattern"} & set(shape.metadata) else []
    return st.one_of(wanted) if wanted else None


def _unmatched() -> SearchStrategy[str]:
    """Return texts that neither an enum nor any of the model's patterns takes."""
    return st.text(TEXT, max_size=8).map(lambda text: f"\x00\n{text}")


def _broken_text_outside_the_body(shape: Shape) -> SearchStrategy[Any]:
    """Return what breaks a label of the path or a parameter of the query."""
    if shape.type_name == "integer":
        return st.sampled_from(["x", "", "1.5", "0", "26", "-1", "\u0661", "1" * 30])
    if isinstance(shape, ListShape):
        return st.sampled_from([["x" * 129], [""], ["a", "b\x00"], [f"k{number}" for number in range(51)]])
    strange = st.sampled_from(["", "1st", "a b", "\u00e4", "a" * 2100, "%", "..", "a\x00", "\u0661" * 3])
    return strange if shape.metadata.get("pattern") else st.just("x" * (shape.metadata["max"] + 1))


def _sizes(shape: Shape, most: int) -> dict[str, Any]:
    least = shape.metadata.get("min", 0)
    return {"min_size": least, "max_size": max(least, min(shape.metadata.get("max", most), most))}


@st.composite
def _headers(draw: DrawFn) -> dict[str, str]:
    kind = draw(st.sampled_from(CONTENT_TYPES))
    odd = draw(st.sampled_from([{}, {}, {"X-Amz-Target": "Airflow.Nothing"}, {"Content-Encoding": "gzip"}]))
    return ({"Content-Type": kind} if kind else {}) | odd


def _unknown_members() -> SearchStrategy[dict[str, Any]]:
    return st.sampled_from([{}, {}, {"Unknown": {"a": [None]}}, {"name": "x"}, {"": 1}, {"Action": "X"}])


def _target(model: OperationModel, members: Mapping[str, Any]) -> str:
    shape: Any = model.input_shape
    path, query = str(model.http["requestUri"]), []
    for name, member in shape.members.items():
        where, label = member.serialization.get("location"), member.serialization.get("name")
        if where == "uri":
            path = path.replace(f"{{{label}}}", quote(members.get(name, "fuzz"), safe=""))
        if where == "querystring" and name in members:
            value = members[name]
            query += [(label, item) for item in (value if isinstance(value, list) else [value])]
    return path + (f"?{urlencode(query)}" if query else "")


def _encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def _same(one: OperationModel, other: OperationModel) -> bool:
    return bool(one.http["requestUri"] == other.http["requestUri"])
