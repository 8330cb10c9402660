"""What a DAG that is meant for MWAA Serverless too cannot take there: it has the tag `mwaa-serverless`."""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.serverless_faults import (
    ASSET,
    FUNCTION,
    MAPPING,
    RULE,
    SCHEDULE,
    TAG,
    Fault,
    fault_of_argument,
    fault_of_dag_argument,
    faults_of_text,
    ignored,
)
from mwaactl.project.checks.pipelines.source import PipelineSource, argument

_DAGS = frozenset({"airflow.DAG", "airflow.sdk.DAG", "airflow.sdk.dag", "airflow.decorators.dag"})
_TASKS = ("airflow.sdk.task", "airflow.decorators.task")
_MAPPING = frozenset({"expand", "expand_kwargs"})
_LIBRARY = "typed_assets."
_PIPELINES, _STEPS, _ASSETS = (
    frozenset({"pipeline", "Pipeline"}),
    frozenset({"operator"}),
    ("asset", "multi_asset"),
)
_CLOCK = "OnCron"
_SECONDS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}

type _Found = tuple[int, Fault | None]


def not_serverless(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports what a workflow's definition cannot say, in a file with a DAG or pipeline that has the tag."""
    dags = [call for call in source.calls if source.origin(call.func) in _DAGS]
    pipelines = [call for call in source.calls if _of_library(source, call.func) in _PIPELINES]
    if not any(_is_tagged(call) for call in (*dags, *pipelines)):
        return
    for line, fault in (
        *_schedules(source, [*dags, *pipelines]),
        *_dag_arguments(dags, pipelines),
        *_arguments(source, dags, pipelines),
        *_functions(source),
        *_mapped(source),
        *((line, fault) for line, text in source.texts for fault in faults_of_text(text)),
    ):
        if fault is not None:
            yield from source.finding(RULE, "warning", line, *fault)


def _of_library(source: PipelineSource, function: ast.expr) -> str:
    """Return the last name of what is imported from `typed_assets`; empty for anything else."""
    name = source.origin(function)
    return name.rpartition(".")[2] if name.startswith(_LIBRARY) else ""


def _is_tagged(dag: ast.Call) -> bool:
    tags = argument(dag, "tags")
    found = tags.elts if isinstance(tags, ast.List | ast.Tuple | ast.Set) else ()
    return any(isinstance(each, ast.Constant) and each.value == TAG for each in found)


def _schedules(source: PipelineSource, dags: list[ast.Call]) -> Iterator[_Found]:
    for dag in dags:
        schedule = argument(dag, "schedule")
        clock = isinstance(schedule, ast.Call) and _of_library(source, schedule.func) == _CLOCK
        if isinstance(schedule, ast.List | ast.Tuple | ast.Call | ast.BinOp) and not clock:
            yield schedule.lineno, SCHEDULE


def _dag_arguments(dags: list[ast.Call], pipelines: list[ast.Call]) -> Iterator[_Found]:
    for keyword in (*(each for dag in dags for each in dag.keywords), *_members(pipelines, "arguments")):
        yield keyword.value.lineno, fault_of_dag_argument(keyword.arg or "")
    for each in pipelines:
        told = argument(each, "on_failure")
        if told is not None:
            yield told.lineno, ignored("on_failure")


def _arguments(source: PipelineSource, dags: list[ast.Call], pipelines: list[ast.Call]) -> Iterator[_Found]:
    steps = [call for call in source.calls if _of_library(source, call.func) in _STEPS]
    operators = [call for call in source.calls if source.operator(call)]
    said = [each for call in (*operators, *steps) for each in call.keywords]
    usual = (*_members(dags, "default_args"), *_members(pipelines, "default_arguments"))
    for keyword in (*said, *usual):
        value = keyword.value
        yield (
            value.lineno,
            fault_of_argument(keyword.arg or "", refused=not _is_false(value), number=_number(value)),
        )


def _members(calls: list[ast.Call], name: str) -> Iterator[ast.keyword]:
    """Yield what a mapping that is an argument of calls says, as if they were arguments themselves."""
    for call in calls:
        said = argument(call, name)
        if isinstance(said, ast.Dict):
            for key, value in zip(said.keys, said.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield ast.keyword(arg=key.value, value=value)


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
            made = [_called(each) for each in node.decorator_list]
            names = [source.origin(each) for each in made]
            if any(name in _TASKS or name.startswith(tuple(f"{task}." for task in _TASKS)) for name in names):
                yield node.lineno, FUNCTION
            if any(_of_library(source, each) in _ASSETS for each in made):
                yield node.lineno, ASSET


def _mapped(source: PipelineSource) -> Iterator[_Found]:
    for call in source.calls:
        by_method = isinstance(call.func, ast.Attribute) and call.func.attr in _MAPPING
        by_step = _of_library(source, call.func) in _STEPS and argument(call, "expand") is not None
        if by_method or by_step:
            yield call.lineno, MAPPING


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
