"""What a piece of a template refers to, without resolving it, and the order that follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ValidationError

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.template import Template

_SLOW = {"AWS::MWAA::Environment"}
SUB_VARIABLE = re.compile(r"\$\{(?!!)([^}]+)\}")


def references(value: Any) -> Iterator[str]:  # noqa: ANN401 - any piece of JSON
    """Yield every name that Ref, Fn::GetAtt, Fn::Sub, Fn::If or Condition mentions."""
    if isinstance(value, Mapping):
        if len(value) == 1:
            yield from _of_intrinsic(*next(iter(value.items())))
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def _of_intrinsic(name: str, argument: Any) -> Iterator[str]:  # noqa: ANN401
    match name, argument:
        case ("Ref" | "Condition", str()):
            yield argument
        case ("Fn::GetAtt", [str() as resource, *_]):
            yield resource
        case ("Fn::GetAtt", str()):
            yield argument.split(".", 1)[0]
        case ("Fn::Sub", str()):
            yield from _of_sub(argument, {})
        case ("Fn::Sub", [str() as text, dict() as variables]):
            yield from _of_sub(text, variables)
        case ("Fn::If", [str() as condition, *_]):
            yield condition
        case _:
            pass


def _of_sub(text: str, variables: Mapping[str, Any]) -> Iterator[str]:
    for name in SUB_VARIABLE.findall(text):
        if name.strip() not in variables:
            yield name.strip().split(".", 1)[0]


def dependency_order(template: Template) -> list[str]:
    """Return all logical ids, each after those that it depends on.

    An environment comes as late as it can: AWS makes what it does not refer to, such as the rules of its
    security groups, while it is being created.

    Raises:
        ValidationError: If a name refers to nothing, or the references run in a circle.
    """
    graph: dict[str, set[str]] = {}
    known = {*template.resources, *template.section("Parameters"), *template.section("Conditions")}
    for logical_id, resource in template.resources.items():
        named = {*references(resource.properties), *resource.depends_on}
        missing = sorted(name for name in named if name not in known and not name.startswith("AWS::"))
        if missing:
            message = f"Template format error: Unresolved resource dependencies {_list(missing)} in the Resources block of the template"  # noqa: E501
            raise ValidationError(message)
        graph[logical_id] = named & template.resources.keys()
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        message = f"Circular dependency between resources: {_list(sorted(set(error.args[1])))}"
        raise ValidationError(message) from error
    late: set[str] = set()
    for logical_id in order:
        if template.resources[logical_id].type_name in _SLOW or graph[logical_id] & late:
            late.add(logical_id)
    return sorted(order, key=late.__contains__)


def _list(names: list[str]) -> str:
    return f"[{', '.join(names)}]"
