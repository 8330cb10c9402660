"""Which DAG files load pipelines from YAML, and from which folders: read from their source, not run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import join, normpath, relpath
from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_dag_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.project.bundle import Bundle
    from mwaactl.project.dag_files import DagFile

LOADING = "typed_assets.loading"
LOAD, REPORT = "load_pipelines", "report_mistakes"
_FOLDER_ARGUMENT = 1
_TREE = "/tree"


@dataclass(frozen=True, slots=True)
class Loader:
    """A call that loads a folder of pipelines, or reports its mistakes.

    Attributes:
        key: Key of the DAG file.
        line: Of the call.
        reports: Whether it is `report_mistakes`.
        folder: The folder as seen from the DAG file's, `.` for that one, or None where it is no literal.
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

    def holds(self, key: str) -> bool:
        """Whether a file lies in the folder that is loaded."""
        return self.folder is not None and key.startswith(f"{key_of(self.beside, self.folder)}/")


def key_of(beside: str, path: str) -> str:
    """Return the key of what a path names, seen from a folder."""
    return normpath(join(beside, path))


def seen_from(beside: str, key: str) -> str:
    """Return the path of what has a key, seen from a folder; with `..` where it lies elsewhere."""
    if key.startswith(f"{beside}/"):
        return key.removeprefix(f"{beside}/")
    return relpath(join(_TREE, key), join(_TREE, beside))


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
            beside = PurePosixPath(dag.key).parent.as_posix()
            root = None if text is None else seen_from(beside, key_of(beside, text))
            yield Loader(dag.key, node.lineno, name == REPORT, root, _text(given.get("mistakes_in")))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
