"""Environment markers of a lock file, decided for an MWAA worker."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

_WORKER: Mapping[str, str] = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
}
_OPERATORS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_LATEST_PATCH = "99"
# "Environment markers" at packaging.python.org. Texts become \0, variables \1, comparisons \2.
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_VARIABLE = re.compile(
    r"\b(?:os_name|sys_platform|platform_(?:machine|python_implementation|release|system|version)"
    r"|python_version|python_full_version|implementation_(?:name|version)|extra)\b"
)
_SIGN = r"(?:===|[<>=!~]=|[<>]|\bnot\s+in\b|\bin\b)"
_COMPARISON = re.compile(rf"\x01\s*{_SIGN}\s*[\x00\x01]|\x00\s*{_SIGN}\s*\x01")
_JOINED = re.compile(r"\(\s*\x02\s*\)|\x02\s*\b(?:and|or)\b\s*\x02")


def is_marker(text: str) -> bool:
    """Says whether pip can read a marker."""
    shape = _VARIABLE.sub("\1", _TEXT.sub("\0", text))
    shape, before = _COMPARISON.sub("\2", shape), ""
    while shape != before:
        shape, before = _JOINED.sub("\2", shape), shape
    return shape.strip() == "\2"


def holds_on_worker(marker: str, python: str) -> bool:
    """Says whether a line with this marker is installed on an MWAA worker.

    Args:
        marker: As a lock file has it, for example `python_full_version < '3.13'`; empty holds always.
        python: Minor version of the worker's Python, for example `3.12`.

    Raises:
        ValueError: The marker says something that lock files do not say.
    """
    if not marker:
        return True
    known = {**_WORKER, "python_version": python, "python_full_version": f"{python}.{_LATEST_PATCH}"}
    return _decide(ast.parse(marker, mode="eval").body, known)


def may_hold_on_worker(marker: str, python: str) -> bool:
    """Says whether a line that somebody wrote may be installed on a worker; what is not understood may."""
    try:
        return holds_on_worker(marker, python)
    except (ValueError, SyntaxError):
        return True


def _decide(node: ast.expr, known: Mapping[str, str]) -> bool:
    match node:
        case ast.BoolOp(op=ast.And()):
            return all(_decide(each, known) for each in node.values)
        case ast.BoolOp():
            return any(_decide(each, known) for each in node.values)
        case ast.Compare(left=ast.Name(id=name), ops=[sign], comparators=[ast.Constant(value=str(text))]) if (
            name in known and type(sign) in _OPERATORS
        ):
            return _OPERATORS[type(sign)](_comparable(name, known[name]), _comparable(name, text))
    message = f"the marker `{ast.unparse(node)}` is not understood"
    raise ValueError(message)


def _comparable(name: str, text: str) -> object:
    if not name.startswith("python_"):
        return text
    return tuple(int(part) for part in re.findall(r"\d+", text))
