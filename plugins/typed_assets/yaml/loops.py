"""Loops: `matrix` makes a pipeline for each combination of values, `for_each` a step.

`${{ name }}` and `${{ name.key }}` stand for a value of the combination. A text that is nothing else keeps
the value's type. `$${{` is written for a `${{` that is meant as it stands.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from typed_assets.spec.errors import nearest
from typed_assets.yaml.documents import Path
from typed_assets.yaml.problems import shown

MARK = "${{"
MOST = 10_000
_HOLE = re.compile(r"(?<!\$)\$\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")
_BROKEN = re.compile(r"(?<!\$)\$\{\{")

type Variables = Mapping[str, Any]


class LoopError(Exception):
    """A mistake in a loop or in a hole, with its path."""

    def __init__(self, path: Path, message: str, hint: str | None = None) -> None:
        self.problem = (path, message, hint)
        super().__init__(message)


def combinations(loop: Any, path: Path, exclude: Any = None) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Yield the combinations of a loop's values, in the order in which they are written.

    Args:
        loop: names and lists of values.
        path: where it stands.
        exclude: a list of partial combinations that are left out.

    Raises:
        LoopError: it is not a loop, or it is too large.
    """
    _judge(loop, path)
    left_out = _excluded(loop, exclude)
    for number, values in enumerate(product(*loop.values())):
        if number >= MOST:
            raise LoopError(path, f"the loop has more than {MOST:,} combinations")
        found = dict(zip(loop, values, strict=True))
        if not any(all(found[name] == value for name, value in each.items()) for each in left_out):
            yield found


def _judge(loop: Any, path: Path) -> None:  # noqa: ANN401 - any JSON value
    if not isinstance(loop, dict) or not loop:
        raise LoopError(path, f"must be a mapping of names to lists, not {shown(loop)}")
    for name, values in loop.items():
        if not name.isidentifier():
            raise LoopError((*path, name), f"`{name}` cannot be the name of a variable")
        if not isinstance(values, list) or not values:
            raise LoopError((*path, name), f"must be a list of values, not {shown(values)}")


def _excluded(loop: Mapping[str, Any], exclude: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    if exclude is None:
        return []
    if not isinstance(exclude, list) or not all(isinstance(each, dict) and each for each in exclude):
        raise LoopError(("exclude",), "must be a list of mappings, each a part of a combination")
    for number, each in enumerate(exclude):
        for name, value in each.items():
            if name not in loop:
                message = f"the matrix has no `{name}`"
                raise LoopError(("exclude", number, name), message, nearest(name, loop))
            if value not in loop[name]:
                message = f"`{name}` of the matrix has no value {shown(value)}"
                raise LoopError(("exclude", number, name), message)
    return exclude


def filled(value: Any, variables: Variables, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with variables in its holes.

    Raises:
        LoopError: a hole names no variable.
    """
    if isinstance(value, str):
        return _filled_text(value, variables, path) if MARK in value else value
    if isinstance(value, dict):
        return _filled_mapping(value, variables, path)
    if isinstance(value, list):
        return [filled(each, variables, (*path, number)) for number, each in enumerate(value)]
    return value


def _filled_mapping(value: Mapping[str, Any], variables: Variables, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, each in value.items():
        name = _text(filled(key, variables, (*path, key)), key, (*path, key))
        if name in found:
            message = f"the key `{name}` stands here twice"
            raise LoopError((*path, key), message, f"`{key}` becomes it")
        found[name] = filled(each, variables, (*path, key))
    return found


def _filled_text(text: str, variables: Variables, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    whole = _HOLE.fullmatch(text)
    if whole:
        return _look_up(whole[1], variables, path)
    if len(_BROKEN.findall(text)) != len(_HOLE.findall(text)):
        message = "`${{` begins what is no name"
        raise LoopError(path, message, "write `${{ name }}`, or `$${{` for the characters themselves")
    parts = _HOLE.sub(lambda hole: _text(_look_up(hole[1], variables, path), hole[1], path), text)
    return parts.replace("$${{", "${{")


def _text(value: Any, name: str, path: Path) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, (dict, list)):
        raise LoopError(path, f"`{name}` is {shown(value)} and cannot stand within text")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _look_up(name: str, variables: Variables, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    found: Any = variables
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            message = f"no loop here has a variable `{name}`"
            hint = nearest(part, found) if isinstance(found, Mapping) else None
            raise LoopError(path, message, hint)
        found = found[part]
    return found
