"""Libraries that many DAG files import at their top: each file pays for it in a process of its own."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence

from mwaactl.catalog.airflow_features import airflow_features
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "slow-import"
_MOST_FILES = 5


def slow_imports(sources: Sequence[PipelineSource], _: AirflowVersion) -> Iterator[Finding]:
    """Reports a library once it is imported by more than five files, at each of them."""
    places = defaultdict[str, list[tuple[PipelineSource, int]]](list)
    for source in sources:
        for library, line in sorted(_libraries(source)):
            places[library].append((source, line))
    for library, found in sorted(places.items()):
        cost = airflow_features().slow_imports[library]
        for source, line in found if len(found) > _MOST_FILES else ():
            message = (
                f"`{library}` takes about {cost} ms to import, in each of {len(found)} files each time that"
                " they are parsed"
            )
            yield from source.finding(RULE, "warning", line, message, "import it in the task that uses it")


def _libraries(source: PipelineSource) -> set[tuple[str, int]]:
    slow, found = airflow_features().slow_imports, dict[str, int]()
    for node in source.import_time():
        for name in _imported(node):
            if name in slow:
                found.setdefault(name, getattr(node, "lineno", 1))
    return set(found.items())


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [each.name.partition(".")[0] for each in node.names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module.partition(".")[0]]
        case _:
            return []
