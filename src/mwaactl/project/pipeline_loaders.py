"""Which DAG files load pipelines from YAML, and from which folders: read from their source, not run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_dag_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.project.bundle import Bundle
    from mwaactl.project.dag_files import DagFile

LOADING = "typed_assets.loading"
LOAD, REPORT = "load_pipelines", "report_mistakes"
_FOLDER_ARGUMENT = 1


@dataclass(frozen=True, slots=True)
class Loader:
    """A call that loads a folder of pipelines, or reports its mistakes.

    Attributes:
        key: Key of the DAG file.
        line: Of the call.
        reports: Whether it is `report_mistakes`.
        folder: The folder beside the DAG file, `.` for the DAG file's own, or None where it is no literal.
        mistakes_in: The DAG file that reports mistakes, or None.
    """

    key: str
    line: int
    reports: bool
    folder: str | None
    mistakes_in: str | None = None

    @property
    def beside(self) -> str:
        """The folder of the DAG file, as a key."""
        return PurePosixPath(self.key).parent.as_posix()


def pipeline_loaders(bundle: Bundle) -> tuple[Loader, ...]:
    """Return all such calls of the DAG folder, by file and line.

    Raises:
        ProjectError: A file changed or vanished.
    """
    taking = sorted((dag for dag in bundle.dags if _takes_loading(dag)), key=lambda dag: dag.key)
    return tuple(loader for dag in taking for loader in _calls(dag))


def _takes_loading(dag: DagFile) -> bool:
    return dag.facts is not None and any(need.module.startswith(LOADING) for need in dag.facts.needs)


def _calls(dag: DagFile) -> Iterator[Loader]:
    for node in ast.walk(ast.parse(read_dag_file(dag))):
        if isinstance(node, ast.Call) and (name := _name(node.func)) in {LOAD, REPORT}:
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            folder = given.get("folder") or (
                node.args[_FOLDER_ARGUMENT] if len(node.args) > _FOLDER_ARGUMENT else None
            )
            text = _text(folder)
            root = None if text is None else PurePosixPath(text).as_posix()
            yield Loader(dag.key, node.lineno, name == REPORT, root, _text(given.get("mistakes_in")))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
