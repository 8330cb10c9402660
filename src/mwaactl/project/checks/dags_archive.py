"""What works in the DAG folder and not in an archive of it, which `--zero-window` deploys.

Airflow looks for DAGs at the root of an archive only, and has it on Python's path only while it imports them:
not when a task runs. Files in it have no path of their own, so nothing opens them by one.
"""

from __future__ import annotations

import ast
import re
import warnings
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_dag_file
from mwaactl.project.checks.finding import Finding
from mwaactl.project.import_graph import Modules, imports_of
from mwaactl.project.module_names import base_of, module_of
from mwaactl.project.needs import Kind, Moment
from mwaactl.project.syntax_tree import last_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mwaactl.catalog.versions import AirflowVersion
    from mwaactl.project.bundle import Bundle
    from mwaactl.project.dag_files import DagFile
    from mwaactl.project.needs import Need

_RULE = "dags-archive"
_COMPILED = (".so", ".pyd")
_IGNORE_FILE = "dags/.airflowignore"
_IMPORTS = (Kind.MODULE, Kind.NAME, Kind.STAR)
_SHOWN = 5


def dags_archive(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports what would not work if the DAGs were deployed as one archive."""
    sources = {file.key: file.facts.needs for file in bundle.dags if file.facts is not None}
    modules = Modules(sources)
    loaded = _loaded([file.key for file in bundle.dags if _is_found(file)], sources, modules)
    data = [file.key for file in bundle.dags if file.facts is None]
    names = frozenset(tail for key in data for tail in _tails(key))
    yield from _ignored(bundle)
    for file in bundle.dags:
        yield from _by_name(file)
        if file.facts is not None:
            content = read_dag_file(file)
            nodes = tuple(_nodes(content))
            yield from _by_imports(file.key, nodes, _late(sources[file.key], modules, loaded))
            yield from _by_paths(file.key, nodes, frozenset() if b"importlib.resources" in content else names)
    if data:
        yield _of_data(data)


def _is_found(file: DagFile) -> bool:
    return file.defines_dag and file.key.count("/") == 1


def _loaded(
    found: Iterable[str], sources: Mapping[str, tuple[Need, ...]], modules: Modules
) -> frozenset[str]:
    """Returns the top-level modules that stay loaded when Airflow has imported all DAGs of the archive."""
    waiting = list(found)
    loaded = set(waiting)
    while waiting:
        key = waiting.pop()
        for each in imports_of(key, sources[key], modules, frozenset({Moment.AT_IMPORT})):
            if each not in loaded:
                loaded.add(each)
                waiting.append(each)
    return frozenset(_root(module_of(key)) for key in loaded)


def _of_data(data: Sequence[str]) -> Finding:
    names = ", ".join(f"`{key}`" for key in data[:_SHOWN])
    more = f" and {len(data) - _SHOWN} more" if len(data) > _SHOWN else ""
    message = f"cannot be opened by a path within an archive: {names}{more}"
    return Finding(_RULE, "warning", "dags", None, message, "read data with `importlib.resources`")


def _ignored(bundle: Bundle) -> Iterator[Finding]:
    """Reports an ignore file that leaves out what Airflow would find at the root of an archive."""
    ignoring = next((file for file in bundle.dags if file.key == _IGNORE_FILE), None)
    if ignoring is None:
        return
    lines = read_dag_file(ignoring).decode(errors="replace").splitlines()
    patterns = [text for line in lines if (text := line.partition("#")[0].strip())]
    for file in bundle.dags:
        name = file.key.removeprefix("dags/")
        if file.facts is not None and "/" not in name and any(_leaves_out(each, name) for each in patterns):
            message = f"leaves out `{file.key}`, and is not read within an archive"
            yield _error(ignoring, message, "delete what it leaves out")


def _leaves_out(pattern: str, name: str) -> bool:
    """Tells whether a pattern matches, in either of the two ways in which Airflow may be told to read it."""
    with suppress(re.error):
        if re.search(pattern, name):
            return True
    return fnmatchcase(name, pattern.strip("/"))


def _by_name(file: DagFile) -> Iterator[Finding]:
    path = PurePosixPath(file.key)
    if file.defines_dag and len(path.parts) > 2:  # noqa: PLR2004 - `dags/` and the name
        message = "defines a DAG in a folder, and Airflow looks for DAGs only at the root of an archive"
        yield _error(file, message, "move it to `dags/` itself")
    elif file.defines_dag and "." in path.stem:
        yield _error(file, "has a dot in its name, and is imported by that name", "rename it")
    if path.suffix in _COMPILED:
        yield _error(file, "is compiled, and Python cannot import it from an archive")


def _late(needs: Iterable[Need], modules: Modules, loaded: frozenset[str]) -> Mapping[str, str]:
    """Returns imports of the tree that find nothing in an archive: dotted name to what is wrong with it."""
    late: dict[str, str] = {}
    for need in needs:
        if need.kind in _IMPORTS and any(modules.files(f"{need.module}.{need.name}".strip(".*"))):
            root = _root(need.module or need.name)
            if root == "dags" and not any(modules.files("dags")):
                late[need.module] = "by `dags.`, and within an archive there is no `dags`"
            elif need.moment is Moment.LATER and root not in loaded:
                late[need.module] = "in a function, when the archive is no longer on Python's path"
    return late


def _by_imports(key: str, nodes: Iterable[ast.AST], late: Mapping[str, str]) -> Iterator[Finding]:
    for node in nodes:
        match node:
            case ast.Import(names=names):
                modules = [each.name for each in names]
            case ast.ImportFrom():
                modules = [base_of(key, node)]
            case ast.Call(args=[ast.Constant(value=str(module)), *_]) if "import" in last_name(node.func):
                modules = [module]
            case _:
                continue
        for module in modules:
            if module in late:
                message = f"imports `{module}` {late[module]}"
                hint = "import it at the top of the file, by its path below `dags/`"
                yield Finding(_RULE, "error", key, node.lineno, message, hint)


def _by_paths(key: str, nodes: Iterable[ast.AST], data: frozenset[str]) -> Iterator[Finding]:
    """Reports what looks for files by their path, with its line."""
    for node in nodes:
        if isinstance(node, ast.expr | ast.keyword) and (what := _path_of(node, data)):
            message = f"{what}, and files within an archive have no path"
            yield Finding(_RULE, "warning", key, node.lineno, message, "use `importlib.resources`")


def _nodes(content: bytes) -> Iterator[ast.AST]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from ast.walk(tree)


def _tails(key: str) -> Iterator[str]:
    """Yields what code may call a file: its name, and its path from any of its folders."""
    parts = key.split("/")[1:]
    return ("/".join(parts[begin:]) for begin in range(len(parts)))


def _path_of(node: ast.expr | ast.keyword, data: frozenset[str]) -> str:
    match node:
        case ast.Name(id="__file__"):
            return "uses `__file__`"
        case ast.Call(func=function) if last_name(function) in ("open", "Path"):
            return f"calls `{last_name(function)}`"
        case ast.keyword(arg="template_searchpath"):
            return "looks for templates in `template_searchpath`"
        case ast.keyword() if name := next(
            (each for each in _texts(node.value) if each.lstrip("./") in data), ""
        ):
            return f"names `{name}`"
        case _:
            return ""


def _texts(node: ast.expr) -> Iterator[str]:
    """Yields a text, or the texts of a list: a template's file is given to an operator like that."""
    for each in node.elts if isinstance(node, ast.List | ast.Tuple) else [node]:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _root(dotted: str) -> str:
    return dotted.partition(".")[0]


def _error(file: DagFile, message: str, hint: str | None = None) -> Finding:
    return Finding(_RULE, "error", file.key, None, message, hint)
