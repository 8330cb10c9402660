"""A Python file as the rules about pipelines see it."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mwaactl.project.checks.finding import Finding
from mwaactl.project.syntax_tree import last_name
from mwaactl.project.top_level import checking_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.project.checks.finding import Severity

_OPERATOR_ENDINGS = ("Operator", "Sensor")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class PipelineSource:
    """A file and its syntax tree.

    Attributes:
        path: Below the project's root.
        tree: Of the file.
        lines: Its text.
    """

    path: str
    tree: ast.Module
    lines: tuple[str, ...]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """All calls, from top to bottom."""
        found = [node for node in self.nodes if isinstance(node, ast.Call)]
        return tuple(sorted(found, key=lambda call: (call.lineno, call.col_offset)))

    @cached_property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """All string literals with their lines; the texts of an f-string stand for the whole."""
        found = [(node, node.value) for node in self.nodes if isinstance(node, ast.Constant)]
        return tuple((node.lineno, text) for node, text in found if isinstance(text, str))

    @cached_property
    def origins(self) -> Mapping[str, str]:
        """The dotted name that each imported name stands for."""
        names: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names |= {
                    each.asname or each.name.partition(".")[0]: each.name
                    if each.asname
                    else each.name.partition(".")[0]
                    for each in node.names
                }
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        return names

    def origin(self, node: ast.expr) -> str:
        """Return the dotted name of an imported name or of an attribute of one; empty for anything else."""
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):  # of which a line can hold thousands
            attributes.append(node.attr)
            node = node.value
        of = self.origins.get(node.id, "") if isinstance(node, ast.Name) else ""
        return ".".join([of, *reversed(attributes)]) if of else ""

    def operator(self, call: ast.Call) -> str:
        """Return the dotted name of the operator that a call makes, also by `partial`; empty if none."""
        name = self.origin(call.func).removesuffix(".partial")
        made = name.startswith("airflow.") and name.endswith(_OPERATOR_ENDINGS)
        return name if made else ""

    def import_time(self) -> Iterator[ast.AST]:
        """Yield what runs when the file is imported: nothing within functions."""
        waiting: list[ast.AST] = list(self.tree.body)
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node, ast.If) and _is_not_for_import(node.test):
                waiting += node.orelse
            elif isinstance(node, _DEFINITIONS):
                waiting += getattr(node, "decorator_list", [])
            else:
                waiting += ast.iter_child_nodes(node)

    def finding(self, rule: str, severity: Severity, line: int, message: str, hint: str) -> Iterator[Finding]:
        """Yield a finding, unless the line has `# noqa: RULE`."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if f"noqa: {rule}" not in text:
            yield Finding(rule, severity, self.path, line, message, hint)


def _is_not_for_import(test: ast.expr) -> bool:
    """Tell whether a condition is only true for type checkers, or for a file that is run as a program."""
    run = isinstance(test, ast.Compare) and last_name(test.left) == "__name__"
    return run or checking_types(test) is True


def parse_pipeline(path: str, content: bytes) -> PipelineSource | None:
    """Return a file as rules see it, or None if it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    # A form feed, for example, ends a line for `str.splitlines`, and not for Python.
    lines = content.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return PipelineSource(path, tree, tuple(lines))


def argument(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword argument, or None."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def text_of(node: ast.expr | None) -> str | None:
    """Return the text of a string literal, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def has_more_arguments(call: ast.Call) -> bool:
    """Tell whether a call takes arguments that cannot be read: `**arguments`."""
    return any(each.arg is None for each in call.keywords)
