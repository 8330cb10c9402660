"""Tasks that return rows: XCom is a table of Airflow's metadata database."""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "rows-in-xcom"
_ROWS = frozenset(
    {
        "fetchall",
        "get_records",
        "get_pandas_df",
        "get_df",
        "to_dict",
        "to_json",
        "to_csv",
        "read_csv",
        "read_parquet",
    }
)


def rows_in_xcom(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports `return` of what reads whole tables, in functions that `@task` decorates."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and any(_is_task(source, each) for each in node.decorator_list):
            for called, line in _returned(node):
                message = f"the task returns the rows of `{called}`, which go through Airflow's database"
                hint = "write them to S3 and return where they are, or set the XCom backend of typed_assets"
                yield from source.finding(RULE, "warning", line, message, hint)


def _is_task(source: PipelineSource, decorator: ast.expr) -> bool:
    name = source.origin(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name in {"airflow.sdk.task", "airflow.decorators.task"}


def _returned(function: ast.FunctionDef) -> Iterator[tuple[str, int]]:
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.Call(func=ast.Attribute(attr=name))) if name in _ROWS:
                yield name, node.lineno
            case _:
                pass
