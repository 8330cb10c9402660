"""The order in which DAG files are written: what a file imports comes before the file.

MWAA copies the bucket every 30 seconds and Airflow parses what it finds, so every moment between two writes
must leave a folder that parses.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

type Graph = Mapping[str, tuple[str, ...]]


def writing_order(code: Mapping[str, bytes]) -> tuple[str, ...]:
    """Orders Python files: modules, then DAGs, and each after what it imports.

    Args:
        code: Path below the dags folder to content.

    Returns:
        All paths. Files that import one another in a circle stand in the order of their names.
    """
    starts = sorted(code, key=lambda name: (_may_hold_dag(code[name]), name))
    return tuple(_dependencies_first(starts, import_graph(code)))


def import_graph(code: Mapping[str, bytes]) -> Graph:
    """Finds which files each file imports, among the files given; what cannot be parsed imports nothing."""
    modules = {_module_of(name): name for name in sorted(code)}
    return {name: _imported(name, content, modules) for name, content in code.items()}


def _may_hold_dag(content: bytes) -> bool:
    # The test that Airflow's own safe mode makes before it parses a file.
    folded = content.lower()
    return b"dag" in folded and b"airflow" in folded


def _dependencies_first(starts: list[str], graph: Graph) -> Iterator[str]:
    """Walks depth first without recursion: a chain of imports may be longer than Python's stack."""
    entered: set[str] = set()
    for start in starts:
        stack = [(start, False)]
        while stack:
            name, left = stack.pop()
            if left:
                yield name
            elif name not in entered:
                entered.add(name)
                stack.append((name, True))
                stack.extend((each, False) for each in reversed(graph[name]) if each not in entered)


def _module_of(name: str) -> str:
    path = PurePosixPath(name).with_suffix("")
    parts = path.parts[:-1] if path.name == "__init__" else path.parts
    return ".".join(parts)


def _imported(name: str, content: bytes, modules: Mapping[str, str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for module in _mentioned_modules(name, content):
        parts = module.split(".")
        for end in range(1, len(parts) + 1):
            file = modules.get(".".join(parts[:end]))
            if file and file != name:
                found[file] = None
    return tuple(sorted(found))


def _mentioned_modules(name: str, content: bytes) -> Iterator[str]:
    for node in _nodes(content):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(name, node)
            yield from (f"{base}.{alias.name}".strip(".") for alias in node.names)


def _nodes(content: bytes) -> Iterator[ast.AST]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from ast.walk(ast.parse(content))
    except (SyntaxError, ValueError, RecursionError):
        return


def _base(name: str, node: ast.ImportFrom) -> str:
    """Resolves `from ..lib import x`: one dot is the file's own package."""
    if not node.level:
        return node.module or ""
    package = PurePosixPath(name).parts[:-1]
    kept = package[: len(package) - (node.level - 1)]
    return ".".join((*kept, *([node.module] if node.module else [])))
