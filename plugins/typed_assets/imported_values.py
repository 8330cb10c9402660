"""Functions, classes and constants in place of their names: what `$import` and `module:name` stand for."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from operator import attrgetter
from typing import Any

from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import SpecError
from typed_assets.spec.pipelines import AssetStep, Pipeline, Step
from typed_assets.yaml.values import Imported


def imported(pipeline: Pipeline) -> Pipeline:
    """Return a pipeline with functions where names of functions were.

    Raises:
        SpecError: one cannot be imported.
    """
    return replace(
        pipeline,
        steps=tuple(_step(step) for step in pipeline.steps),
        arguments=_resolved(pipeline.arguments),
        default_arguments=_resolved(pipeline.default_arguments),
        on_failure=tuple((name, _resolved(arguments)) for name, arguments in pipeline.on_failure),
        sources=tuple(_asset(each) for each in pipeline.sources),
    )


def _step(step: Step) -> Step:
    if isinstance(step, AssetStep):
        assets = tuple(_asset(each) for each in step.assets)
        return step if assets == step.assets else replace(step, assets=assets)
    arguments, expand = _resolved(step.arguments), _resolved(step.expand)
    same = arguments == step.arguments and expand == step.expand
    return step if same else replace(step, arguments=arguments, expand=expand)


def _asset(asset: Asset) -> Asset:
    watchers = tuple(replace(each, arguments=_resolved(each.arguments)) for each in asset.watchers)
    return asset if watchers == asset.watchers else replace(asset, watchers=watchers)


def _resolved(value: Any) -> Any:  # noqa: ANN401 - whatever an operator takes
    if isinstance(value, str):
        return value
    if isinstance(value, Imported):
        return _function(value)
    if isinstance(value, dict | Mapping):
        return {name: _resolved(part) for name, part in value.items()}
    return [_resolved(part) for part in value] if isinstance(value, list) else value


def _function(value: Imported) -> Any:  # noqa: ANN401 - what is imported
    try:
        return attrgetter(value.name)(import_module(value.module))
    except (ImportError, AttributeError) as error:
        message = f"`{value.module}:{value.name}` cannot be imported: {error}"
        raise SpecError(message) from error
