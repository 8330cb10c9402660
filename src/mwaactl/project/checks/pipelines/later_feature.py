"""What only a later Airflow has: it fails at import, or is silently without effect."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from mwaactl.catalog.airflow_features import airflow_features
from mwaactl.catalog.versions import AirflowVersion, VersionKey, version_key
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.guarded_code import unguarded
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "later-feature"
_CONTEXTS = frozenset({"context", "get_current_context"})


def later_feature(source: PipelineSource, version: AirflowVersion) -> Iterator[Finding]:
    """Reports imports, arguments, plugin attributes and context keys that the environment's version lacks."""
    own = version_key(version.version)
    for line, shown, since in (
        *_imports(source),
        *_arguments(source),
        *_plugin_attributes(source),
        *_context_keys(source),
    ):
        if own < since:
            first = ".".join(map(str, since[:2]))
            message = f"{shown} needs Airflow {first}; the environment has {version.version}"
            hint = "change `airflow_version` in mwaactl.toml, or do without it"
            yield from source.finding(RULE, "error", line, message, hint)


def later_clues(version: AirflowVersion) -> frozenset[str]:
    """Return the names of which one stands in each file that uses what the version lacks."""
    features, own = airflow_features(), version_key(version.version)
    tables = (features.names, features.arguments, features.plugin_attributes, features.context)
    later = (name for table in tables for name, since in table.items() if own < since)
    return frozenset(name.rpartition(".")[2] for name in later)


type _Used = Iterator[tuple[int, str, VersionKey]]


def _imports(source: PipelineSource) -> _Used:
    for node in unguarded(source.tree):
        match node:
            case ast.ImportFrom(module=str(module), level=0):
                names = [f"{module}.{each.name}" for each in node.names]
                yield from _named(node, names)
            case ast.Import():
                yield from _named(node, [each.name for each in node.names])
            case ast.Attribute() if (name := source.origin(node)) in airflow_features().names:
                yield from _named(node, [name])
            case _:
                pass


def _named(node: ast.stmt | ast.expr, names: Iterable[str]) -> _Used:
    """Yield those names that are in the table, or within what is."""
    for name in names:
        since = airflow_features().since(name)
        if since is not None:
            yield node.lineno, f"`{name}`", since


def _arguments(source: PipelineSource) -> _Used:
    known = airflow_features().arguments
    for call in source.calls:
        if _is_airflows(source, call):
            yield from _known((each.arg, each.value.lineno) for each in call.keywords if each.arg in known)


def _known(used: Iterator[tuple[str | None, int]]) -> _Used:
    known = airflow_features().arguments
    for name, line in used:
        if name is not None:
            yield line, f"the argument `{name}`", known[name]


def _is_airflows(source: PipelineSource, call: ast.Call) -> bool:
    name = source.origin(call.func)
    made = {"airflow.sdk.DAG", "airflow.sdk.dag", "airflow.sdk.task", "airflow.DAG"}
    return bool(source.operator(call)) or name in made or name.startswith("airflow.sdk.task.")


def _plugin_attributes(source: PipelineSource) -> _Used:
    known: Mapping[str, VersionKey] = airflow_features().plugin_attributes
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and any(
            source.origin(base).endswith(".AirflowPlugin") for base in node.bases
        ):
            for statement in node.body:
                targets = statement.targets if isinstance(statement, ast.Assign) else []
                names = [each.id for each in targets if isinstance(each, ast.Name) and each.id in known]
                for name in names:
                    yield statement.lineno, f"the plugin's attribute `{name}`", known[name]


def _context_keys(source: PipelineSource) -> _Used:
    known = airflow_features().context
    for node in source.nodes:
        match node:
            case ast.Subscript(value=of, slice=ast.Constant(value=str(key))) if key in known:
                named = of.func if isinstance(of, ast.Call) else of
                if isinstance(named, ast.Name) and named.id in _CONTEXTS:
                    yield node.lineno, f'`context["{key}"]`', known[key]
            case _:
                pass
