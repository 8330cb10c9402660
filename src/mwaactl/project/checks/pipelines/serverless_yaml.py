"""What a pipeline in YAML cannot take to MWAA Serverless, where its tags say that it is meant for it too."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from mwaactl.project.checks.pipelines.serverless_faults import (
    ASSET,
    MAPPING,
    SCHEDULE,
    TAG,
    Fault,
    fault_of_argument,
    fault_of_dag_argument,
    faults_of_text,
    ignored,
)
from typed_assets.spec.automation import OnCron
from typed_assets.spec.errors import Place
from typed_assets.spec.pipelines import AssetStep, OperatorStep, Pipeline, Step

type _Found = tuple[Place | None, Fault]


def serverless_faults(pipeline: Pipeline) -> Iterator[_Found]:
    """Yield what a workflow's definition cannot say, with the place of the pipeline or the step."""
    if TAG not in pipeline.tags:
        return
    for fault in _of_whole(pipeline):
        yield pipeline.place, fault
    for step in pipeline.steps:
        for fault in _of_step(step):
            yield step.place, fault


def _of_whole(pipeline: Pipeline) -> Iterator[Fault]:
    if pipeline.schedule is not None and not isinstance(pipeline.schedule, OnCron):
        yield SCHEDULE
    if pipeline.on_failure:
        yield ignored("on_failure")
    for name in pipeline.arguments:
        if (fault := fault_of_dag_argument(name)) is not None:
            yield fault
    yield from _of_arguments(pipeline.default_arguments)


def _of_step(step: Step) -> Iterator[Fault]:
    match step:
        case AssetStep():
            yield ASSET
        case OperatorStep(arguments=arguments, expand=expand):
            yield from _of_arguments(arguments)
            if expand:
                yield MAPPING


def _of_arguments(arguments: Mapping[str, object]) -> Iterator[Fault]:
    for name, value in arguments.items():
        fault = fault_of_argument(name, refused=value is not False, number=_number(value))
        if fault is not None:
            yield fault
        for text in _texts(value):
            yield from faults_of_text(text)


def _number(value: object) -> float | None:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if isinstance(value, int | float) else None


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)
        case _:
            pass
