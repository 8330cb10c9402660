"""A pipeline as the Python DAG that it is equal to.

Steps that are operators become plain Airflow, so that a team can go on without YAML and without
`typed_assets`. Assets, and schedules that follow assets, need `typed_assets`: they become its values.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from mwaactl.catalog.versions import version_key
from mwaactl.report.python_expressions import Code, Expressions, identifier
from typed_assets.spec.asset_rules import SQL
from typed_assets.spec.automation import OnCron
from typed_assets.spec.order import ordered
from typed_assets.spec.pipelines import AssetStep, OperatorStep, Pipeline, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from typed_assets.spec.assets import Asset, Check

_SDK_HAS_TIMETABLES = (3, 2)
_LOOKED_FOR = ("airflow", "dag")
"""Words without which Airflow passes over a file (`core.dag_discovery_safe_mode`)."""
_BOTH_WORDS = "\n\nAirflow looks for a DAG only in files that have both words.\n"
_OPTION = "option("


def pipeline_python(pipelines: Sequence[Pipeline], airflow_version: str) -> str:
    """Return the source of one DAG file for pipelines; not formatted yet.

    Args:
        pipelines: As they were read; paths of SQL files are relative to the DAG file.
        airflow_version: A supported version: where Airflow keeps its timetables differs.
    """
    expressions = Expressions(reserved=frozenset(_names(pipelines)))
    body: list[str] = []
    for pipeline in pipelines:
        plain = all(isinstance(step, OperatorStep) for step in pipeline.steps)
        if plain and isinstance(pipeline.schedule, OnCron | None):
            body += ["", *_plain(pipeline, expressions, airflow_version)]
        else:
            body += ["", *_with_values(pipeline, expressions)]
    text = (
        _docstring(pipelines[0]) if len(pipelines) == 1 else "Pipelines that differ in what they loop over."
    )
    code = "\n".join([*expressions.import_lines(), *body, ""])
    found = f"{text}\n{code}".lower()
    more = "" if all(word in found for word in _LOOKED_FOR) else _BOTH_WORDS
    return f'"""{text}{more}"""\n\n{code}'


def _names(pipelines: Sequence[Pipeline]) -> Iterator[str]:
    """Yield what variables of the file are called: nothing that is imported may have such a name."""
    for pipeline in pipelines:
        yield identifier(pipeline.id)
        yield from (identifier(step.id) for step in pipeline.steps)


def _docstring(pipeline: Pipeline) -> str:
    text = " ".join(pipeline.description.split()) or f"The pipeline {pipeline.id}"
    plain = text.replace("\\", "/").replace('"', "'")
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def _plain(pipeline: Pipeline, expressions: Expressions, airflow_version: str) -> list[str]:
    steps = [step for step in ordered(pipeline) if isinstance(step, OperatorStep)]
    expressions.variables = _variables(steps)
    arguments = _dag_arguments(pipeline, expressions, airflow_version)
    dag = expressions.call(expressions.imported("airflow.sdk", "DAG"), arguments, expressions.of(pipeline.id))
    made = [f"{expressions.variables[step.id]} = {_operator(step, expressions)}" for step in steps]
    after = list(_after(steps, expressions.variables))
    body = [*made, *([""] if after else []), *after]
    return [f"with {dag}:", *(f"    {line}" for line in body)]


def _variables(steps: Sequence[OperatorStep]) -> dict[str, str]:
    found: dict[str, str] = {}
    for step in steps:
        name = identifier(step.id)
        while name in found.values():
            name += "_"
        found[step.id] = name
    return found


def _dag_arguments(pipeline: Pipeline, expressions: Expressions, airflow_version: str) -> dict[str, Any]:
    """Return what `typed_assets.building` gives the DAG of such a pipeline."""
    notifiers = [
        Code(expressions.call(_class(name, expressions), arguments))
        for name, arguments in pipeline.on_failure
    ]
    defaults: dict[str, Any] = {"owner": ", ".join(pipeline.owners)} if pipeline.owners else {}
    defaults |= {"on_failure_callback": notifiers} if notifiers else {}
    defaults |= dict(pipeline.default_arguments)
    given: dict[str, Any] = {
        "description": pipeline.description or None,
        "doc_md": pipeline.documentation or None,
        "start_date": None if pipeline.start is None else datetime.combine(pipeline.start, time(), UTC),
        "schedule": _schedule(pipeline, expressions, airflow_version),
        "catchup": False,
        "tags": sorted(pipeline.tags) or None,
        "default_args": defaults or None,
        "max_active_runs": 1,
        **pipeline.arguments,
    }
    if _OPTION in str(pipeline):
        option = Code(expressions.imported("typed_assets.building.options", "option"))
        given["user_defined_macros"] = {"option": option, **given.get("user_defined_macros", {})}
    return {name: value for name, value in given.items() if value is not None or name == "schedule"}


def _schedule(pipeline: Pipeline, expressions: Expressions, airflow_version: str) -> Code | None:
    if not isinstance(pipeline.schedule, OnCron):
        return None
    new = version_key(airflow_version)[:2] >= _SDK_HAS_TIMETABLES
    module = "airflow.sdk" if new else "airflow.timetables.trigger"
    name = expressions.imported(module, "CronTriggerTimetable")
    cron = expressions.of(pipeline.schedule.cron)
    return Code(expressions.call(name, {"timezone": pipeline.schedule.timezone}, cron))


def _operator(step: OperatorStep, expressions: Expressions) -> str:
    name = _class(step.operator, expressions)
    given = {"task_id": step.id, **step.arguments}
    if not step.expand:
        return expressions.call(name, given)
    mapped = expressions.call(".expand", dict(step.expand))
    return expressions.call(f"{name}.partial", given) + mapped


def _class(name: str, expressions: Expressions) -> str:
    module, _, class_name = name.rpartition(".")
    return expressions.imported(module, class_name)


def _after(steps: Sequence[OperatorStep], variables: Mapping[str, str]) -> Iterator[str]:
    """Yield what comes after what: one line for a chain, else one for each step that waits."""
    chain = all(
        step.after == ((before.id,) if before else ())
        for before, step in zip([None, *steps], steps, strict=False)
    )
    if chain and len(steps) > 1:
        yield " >> ".join(variables[step.id] for step in steps)
        return
    for step in steps:
        names = [variables[name] for name in step.after]
        if names:
            yield f"{names[0] if len(names) == 1 else '[' + ', '.join(names) + ']'} >> {variables[step.id]}"


def _with_values(pipeline: Pipeline, expressions: Expressions) -> list[str]:
    expressions.variables = {}
    steps = tuple(Code(_step(step, expressions)) for step in pipeline.steps)
    made = expressions.imported("typed_assets", "build")
    name = identifier(pipeline.id)
    given = {each.name: getattr(pipeline, each.name) for each in fields(pipeline)}
    return [f"{name} = {made}({expressions.value(pipeline, {**given, 'steps': steps})})"]


def _step(step: Step, expressions: Expressions) -> str:
    """Return a step; a SQL file is named beside the DAG file, wherever that is."""
    given = {each.name: getattr(step, each.name) for each in fields(step)}
    if isinstance(step, AssetStep):
        given["make"] = _beside(step.make, expressions)
        given["assets"] = tuple(_asset(asset, expressions) for asset in step.assets)
    return expressions.value(step, given)


def _asset(asset: Asset, expressions: Expressions) -> Code:
    given = {each.name: getattr(asset, each.name) for each in fields(asset)}
    given["checks"] = tuple(_check(check, expressions) for check in asset.checks)
    return Code(expressions.value(asset, given))


def _check(check: Check, expressions: Expressions) -> Code:
    given = {each.name: getattr(check, each.name) for each in fields(check)}
    return Code(expressions.value(check, given | {"run": _beside(check.run, expressions)}))


def _beside(name: Any, expressions: Expressions) -> Any:  # noqa: ANN401 - a function, or what names one
    """Return the path of a SQL file from the DAG file; what names a function stays as it is."""
    if not isinstance(name, str) or not name.endswith(SQL):
        return name
    path = expressions.imported("pathlib", "Path")
    return Code(f"str({path}(__file__).parent / {name!r})")
