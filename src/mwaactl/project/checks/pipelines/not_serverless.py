"""What a DAG that is meant for MWAA Serverless too cannot take there: it has the tag `mwaa-serverless`."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mwaactl.catalog.serverless import serverless_facts
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource, argument

RULE = "not-serverless"
TAG = "mwaa-serverless"
_DAGS = frozenset({"airflow.DAG", "airflow.sdk.DAG", "airflow.sdk.dag", "airflow.decorators.dag"})
_TASKS = ("airflow.sdk.task", "airflow.decorators.task")
_MAPPING = frozenset({"expand", "expand_kwargs"})
_TEMPLATE = re.compile(r"\{\{-?\s*([A-Za-z_]\w*)")
_SECONDS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


class _Found(NamedTuple):
    line: int
    message: str
    hint: str


def not_serverless(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports what a workflow's definition cannot say, in a file with a DAG that has the tag."""
    dags = [call for call in source.calls if source.origin(call.func) in _DAGS]
    if not any(_is_tagged(call) for call in dags):
        return
    for found in (*_schedules(dags), *_arguments(source, dags), *_functions(source), *_templates(source)):
        yield from source.finding(RULE, "warning", *found)


def _is_tagged(dag: ast.Call) -> bool:
    tags = argument(dag, "tags")
    found = tags.elts if isinstance(tags, ast.List | ast.Tuple | ast.Set) else ()
    return any(isinstance(each, ast.Constant) and each.value == TAG for each in found)


def _schedules(dags: list[ast.Call]) -> Iterator[_Found]:
    for dag in dags:
        schedule = argument(dag, "schedule")
        if isinstance(schedule, ast.List | ast.Tuple | ast.Call | ast.BinOp):
            message = "MWAA Serverless starts runs by cron expressions and rates only, never by assets"
            yield _Found(
                schedule.lineno, message, "write a cron expression, or None and start runs from outside"
            )


def _arguments(source: PipelineSource, dags: list[ast.Call]) -> Iterator[_Found]:
    facts = serverless_facts()
    for dag in dags:
        yield from (_ignored(each) for each in dag.keywords if each.arg in facts.ignored_of_dag)
    said = [each for call in source.calls if source.operator(call) for each in call.keywords]
    for keyword in (*said, *_default_arguments(dags)):
        if keyword.arg in facts.refused and not _is_false(keyword.value):
            message = f"MWAA Serverless refuses the argument `{keyword.arg}`"
            yield _Found(keyword.value.lineno, message, "leave it out; the workflow's role and region hold")
        elif keyword.arg in facts.ignored:
            yield _ignored(keyword)
        elif keyword.arg is not None and keyword.arg in facts.task_limits:
            yield from _over(keyword, facts.task_limits[keyword.arg])


def _default_arguments(dags: list[ast.Call]) -> Iterator[ast.keyword]:
    for dag in dags:
        said = argument(dag, "default_args")
        if isinstance(said, ast.Dict):
            for key, value in zip(said.keys, said.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield ast.keyword(arg=key.value, value=value)


def _ignored(keyword: ast.keyword) -> _Found:
    message = f"the argument `{keyword.arg}` has no effect on MWAA Serverless"
    return _Found(keyword.value.lineno, message, "do without it where the DAG runs there")


def _over(keyword: ast.keyword, most: int) -> Iterator[_Found]:
    value = _number(keyword.value)
    if value is not None and value > most:
        unit = "" if keyword.arg == "retries" else " seconds"
        message = f"`{keyword.arg}` is {value:g}{unit}; MWAA Serverless takes {most}{unit} at most"
        yield _Found(keyword.value.lineno, message, "split the task, or have AWS do the long part")


def _number(node: ast.expr) -> float | None:
    """Return a number, or the seconds of a `timedelta(…)`, that stands there literally."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.Call(func=ast.Name(id="timedelta"), args=[], keywords=keywords):
            parts = [(_SECONDS.get(each.arg or ""), _number(each.value)) for each in keywords]
            known = [unit * count for unit, count in parts if unit is not None and count is not None]
            return sum(known) if len(known) == len(parts) else None
        case _:
            return None


def _functions(source: PipelineSource) -> Iterator[_Found]:
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = (source.origin(_called(each)) for each in node.decorator_list)
            if any(name in _TASKS or name.startswith(tuple(f"{task}." for task in _TASKS)) for name in names):
                message = "MWAA Serverless knows no tasks by `@task`"
                yield _Found(node.lineno, message, "write a PythonOperator, and give the workflow its code")
    for call in source.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _MAPPING:
            message = "MWAA Serverless maps no tasks over values that are known only in a run"
            yield _Found(call.lineno, message, "write a task for each value, or loop in one task")


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _templates(source: PipelineSource) -> Iterator[_Found]:
    known = serverless_facts().template_names
    for line, text in source.texts:
        for name in dict.fromkeys(_TEMPLATE.findall(text)):
            if name not in known:
                message = f"templates of MWAA Serverless have no `{name}`"
                yield _Found(line, message, f"they have {', '.join(sorted(known))}")


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
