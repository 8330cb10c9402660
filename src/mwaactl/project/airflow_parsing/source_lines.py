"""Finds the line on which a DAG or a task is defined: what Airflow made of it has no lines."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mwaactl.project.syntax_tree import last_name

# What stands for an id in the source, and the line.
type _Defined = tuple[ast.expr | str | None, int]


@dataclass(frozen=True)
class SourceLines:
    """A Python file; one that cannot be parsed defines nothing.

    Attributes:
        content: The file.
    """

    content: bytes

    def dag(self, dag_id: str) -> int | None:
        """Returns the line of a DAG: of its id, else of the only DAG there is, else None."""
        lines = [line for name, line in self._dags if _names(name, dag_id)]
        if lines:
            return lines[0]
        mentioned = self._literal(dag_id)
        return mentioned or (self._dags[0][1] if len(self._dags) == 1 else None)

    def dags(self, dag_id: str) -> tuple[int, ...]:
        """Returns the lines of all DAGs of an id."""
        return tuple(line for name, line in self._dags if _names(name, dag_id))

    def task(self, task_id: str) -> int | None:
        """Returns the line of a task, by its `task_id` or by the name of its decorated function."""
        last = task_id.rpartition(".")[2]  # without its task groups
        exact = [line for name, line in self._tasks if isinstance(name, str) and name == last]
        likely = exact or [line for name, line in self._tasks if _names(name, last)]
        return likely[0] if likely else None

    def asset(self, name: str) -> int | None:
        """Returns the line of an asset: where it is named, else of the function that is named after it.

        Without either it is the first line on which the name stands as text.
        """
        function = name.replace(".", "__")
        lines = [line for given, line in self._named if given == name]
        lines += [
            min(each.lineno for each in node.decorator_list)
            for node in self._nodes
            if isinstance(node, ast.FunctionDef) and node.name == function and node.decorator_list
        ]
        return min(lines, default=None) or self._literal(name)

    def first_dag(self) -> int | None:
        """Returns the line of the first DAG that is defined."""
        return min((line for _, line in self._dags), default=None)

    def uncalled_dags(self) -> tuple[tuple[str, int], ...]:
        """Returns name and line of functions with `@dag` at the top of the file that nothing names again."""
        named = {node.id for node in self._nodes if isinstance(node, ast.Name)}
        named |= {node.attr for node in self._nodes if isinstance(node, ast.Attribute)}
        exported = {name for node in self._nodes if isinstance(node, ast.Constant) and (name := node.value)}
        body = self._tree.body if self._tree else []
        return tuple(
            (node.name, node.lineno)
            for node in body
            if isinstance(node, ast.FunctionDef)
            and _decorated(node, "dag")
            and node.name not in named | exported
        )

    def text(self, line: int) -> str:
        """Returns a line of the source, without the blanks around it."""
        lines = self.content.decode(errors="replace").splitlines()
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    @cached_property
    def _tree(self) -> ast.Module | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.content)
        except (SyntaxError, ValueError, RecursionError):
            return None

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return list(ast.walk(self._tree)) if self._tree else []

    @cached_property
    def _dags(self) -> list[_Defined]:
        return sorted(self._defined("dag_id", ("DAG",), "dag"), key=lambda each: each[1])

    @cached_property
    def _named(self) -> list[_Defined]:
        """What calls give as `name`, with the line of the call."""
        calls = (node for node in self._nodes if isinstance(node, ast.Call))
        return [
            (_value(each.value), node.lineno)
            for node in calls
            for each in node.keywords
            if each.arg == "name"
        ]

    @cached_property
    def _tasks(self) -> list[_Defined]:
        return sorted(self._defined("task_id", (), "task"), key=lambda each: each[1])

    def _defined(self, argument: str, classes: tuple[str, ...], decorator: str) -> Iterator[_Defined]:
        for node in self._nodes:
            if isinstance(node, ast.Call) and last_name(node.func) != decorator:
                named = next((each.value for each in node.keywords if each.arg == argument), None)
                if named is not None:
                    yield _value(named), node.lineno
                elif last_name(node.func) in classes:
                    yield _value(node.args[0]) if node.args else None, node.lineno
            elif isinstance(node, ast.FunctionDef):
                yield from _by_decorator(node, argument, decorator)

    def _literal(self, text: str) -> int | None:
        lines = (node.lineno for node in self._nodes if isinstance(node, ast.Constant) and node.value == text)
        return min(lines, default=None)


def _by_decorator(node: ast.FunctionDef, argument: str, decorator: str) -> Iterator[_Defined]:
    for each in node.decorator_list:
        call = each if isinstance(each, ast.Call) else None
        if not _is(call.func if call else each, decorator):
            continue
        given = [word.value for word in call.keywords if word.arg == argument] if call else []
        given += call.args[:1] if call and decorator == "dag" else []
        yield (_value(given[0]) if given else node.name), node.lineno


def _decorated(node: ast.FunctionDef, decorator: str) -> bool:
    return any(
        _is(each.func if isinstance(each, ast.Call) else each, decorator) for each in node.decorator_list
    )


def _is(node: ast.expr, decorator: str) -> bool:
    """Whether a decorator is `@task`, or `@task.something`."""
    base = node.value if isinstance(node, ast.Attribute) and decorator == "task" else node
    return last_name(node) == decorator or last_name(base) == decorator


def _value(node: ast.expr) -> ast.expr | str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else node


def _names(given: ast.expr | str | None, wanted: str) -> bool:
    """Whether an argument may have a value: a text has, an f-string may, anything else is not said to."""
    if isinstance(given, str):
        return given == wanted
    if isinstance(given, ast.JoinedStr):
        parts = (
            re.escape(str(each.value)) if isinstance(each, ast.Constant) else ".*" for each in given.values
        )
        return re.fullmatch("".join(parts), wanted) is not None
    return False
