"""In which order the steps of a pipeline come, and what is wrong with a pipeline as a whole."""

import re
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from typed_assets.spec.asset_rules import check_names_a_function
from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import Place, SpecError, nearest
from typed_assets.spec.locations import REDSHIFT, Location, RedshiftTable, location
from typed_assets.spec.names import task_id
from typed_assets.spec.partition_mapping import check_mapping
from typed_assets.spec.pipelines import DISPATCHER, AssetStep, OperatorStep, Output, Pipeline, Step

_STEP_ID = re.compile(r"[A-Za-z0-9_-]+")


def makers(pipeline: Pipeline) -> dict[str, AssetStep]:
    """Return which step makes an asset, by the asset's name."""
    return {asset.name: step for step in _asset_steps(pipeline) for asset in step.assets}


def known_assets(pipeline: Pipeline) -> dict[str, Asset]:
    """Return the assets that a pipeline makes or names as sources, by name; what it makes comes first."""
    sources = [*pipeline.sources, *(asset for step in _asset_steps(pipeline) for asset in step.sources)]
    made = {asset.name: asset for step in _asset_steps(pipeline) for asset in step.assets}
    return made | {asset.name: asset for asset in sources if asset.name not in made}


def upstream_of(step: Step) -> Iterator[str]:
    """Yield the names of the assets that a step is made of, but for its own where it makes several."""
    if isinstance(step, AssetStep):
        own = {asset.name for asset in step.assets}
        names = (dependency.asset for asset in step.assets for dependency in asset.upstream)
        yield from (name for name in names if name not in own or len(own) == 1)


def predecessors(pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """Return the steps that each step waits for: those it names, and those that make what it is made of."""
    made_by = makers(pipeline)
    found: dict[str, tuple[str, ...]] = {}
    for step in pipeline.steps:
        upstream = (made_by[name].id for name in upstream_of(step) if name in made_by)
        found[step.id] = tuple(dict.fromkeys([*step.after, *upstream, *_outputs(step)]))
    return found


def ordered(pipeline: Pipeline) -> tuple[Step, ...]:
    """Return the steps of a pipeline, each after those that it waits for.

    Raises:
        SpecError: an id cannot be one, or it or an asset occurs twice, a step waits for what is not there, or
            for itself.
    """
    check_id(pipeline)
    if not pipeline.steps:
        message = f"pipeline `{pipeline.id}` has no steps"
        raise SpecError(message, place=pipeline.place)
    _check_ids(pipeline)
    _check_assets(pipeline)
    _check_references(pipeline)
    _check_places(pipeline)
    _check_partitions(pipeline)
    steps = {step.id: step for step in pipeline.steps}
    try:
        return tuple(steps[each] for each in TopologicalSorter(predecessors(pipeline)).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        message = f"steps wait for one another: {' → '.join(f'`{each}`' for each in circle)}"
        raise SpecError(message, place=steps[circle[0]].place) from None


def check_id(pipeline: Pipeline) -> None:
    """Refuse an id that looks as that of a DAG which starts the partitions of another pipeline.

    Raises:
        SpecError: it does.
    """
    if pipeline.id.endswith(DISPATCHER):
        message = f"`{pipeline.id}` cannot be the id of a pipeline"
        hint = f"`{DISPATCHER}` ends the ids of DAGs that start partitions: choose another end"
        raise SpecError(message, hint=hint, place=pipeline.place)


def _check_ids(pipeline: Pipeline) -> None:
    seen: dict[str, Step] = {}
    for step in pipeline.steps:
        if not _STEP_ID.fullmatch(step.id):
            message = f"`{step.id}` cannot be the id of a step"
            raise SpecError(message, hint="use letters, digits, `_` and `-`", place=step.place)
        if step.id in seen:
            message = f"pipeline `{pipeline.id}` has two steps with the id `{step.id}`"
            raise SpecError(message, hint=_first(seen[step.id].place), place=step.place)
        seen[step.id] = step


def _check_assets(pipeline: Pipeline) -> None:
    seen: dict[str, AssetStep] = {}
    for step in _asset_steps(pipeline):
        if isinstance(step.make, str):
            _check_maker(step.make, step)
        if not step.assets:
            message = f"step `{step.id}` makes no asset"
            raise SpecError(message, place=step.place)
        for asset in step.assets:
            task = task_id(asset.name)
            if task in seen:
                message = f"asset `{asset.name}` is made twice, or its task would be called as another's"
                raise SpecError(message, hint=_first(seen[task].place), place=step.place)
            seen[task] = step
            _check_sql(step, asset)
        _check_declarations(step.sources, pipeline, "import the one that its pipeline has", step.place)
    _check_declarations(pipeline.sources, pipeline, "take one of them out of `sources`", pipeline.place)


def _check_declarations(sources: Iterable[Asset], pipeline: Pipeline, hint: str, place: Place | None) -> None:
    known = known_assets(pipeline)
    for source in sources:
        if known[source.name] != source:
            message = f"asset `{source.name}` has two different declarations in pipeline `{pipeline.id}`"
            raise SpecError(message, hint=hint, place=place)


def _check_maker(name: str, step: AssetStep) -> None:
    try:
        check_names_a_function(name)
    except SpecError as error:
        raise SpecError(error.message, hint=error.hint, place=step.place) from None


def _check_places(pipeline: Pipeline) -> None:
    """Refuse two assets in one place: each would publish over the other. Redshift folds names."""
    seen: dict[Location, Asset] = {}
    for step in _asset_steps(pipeline):
        for asset in step.assets:
            place = location(asset.uri.lower() if asset.uri.startswith(REDSHIFT) else asset.uri)
            other = seen.setdefault(place, asset)
            if other is not asset:
                message = f"`{other.name}` and `{asset.name}` stand at one place, `{asset.uri}`"
                raise SpecError(message, hint="each would publish over the other", place=step.place)


def _check_sql(step: AssetStep, asset: Asset) -> None:
    if not isinstance(step.make, str) or not step.make.endswith(".sql"):
        return
    if len(step.assets) > 1:
        message = f"step `{step.id}` makes {len(step.assets)} assets by one SELECT"
        raise SpecError(message, hint="make each by a step of its own", place=step.place)
    if not isinstance(location(asset.uri), RedshiftTable):
        message = f"`{asset.name}` is made by SQL, and `{asset.uri}` is no table"
        hint = "make a table, and from it the files by `UNLOAD`"
        raise SpecError(message, hint=hint, place=step.place)


def _check_references(pipeline: Pipeline) -> None:
    steps, assets = [step.id for step in pipeline.steps], known_assets(pipeline)
    makes = {step.id for step in _asset_steps(pipeline)}
    for step in pipeline.steps:
        for name in (*step.after, *_outputs(step)):
            if name not in steps:
                message = f"step `{step.id}` comes after `{name}`, which is not a step of `{pipeline.id}`"
                raise SpecError(message, hint=nearest(name, steps), place=step.place)
        for name in _outputs(step):
            if name in makes:
                message = f"step `{step.id}` takes what `{name}` returns, and that step makes an asset"
                hint = "put a step behind it that reads the asset, and take what that one returns"
                raise SpecError(message, hint=hint, place=step.place)
        for name in upstream_of(step):
            if name not in assets:
                message = f"step `{step.id}` is made of `{name}`, which no step makes"
                hint = nearest(name, assets) or "name assets of other pipelines as `sources`"
                raise SpecError(message, hint=hint, place=step.place)


def _check_partitions(pipeline: Pipeline) -> None:
    known = known_assets(pipeline)
    for step in _asset_steps(pipeline):
        for asset, dependency in ((each, part) for each in step.assets for part in each.upstream):
            try:
                check_mapping(dependency.mapping, known[dependency.asset].partitions, asset.partitions)
            except SpecError as error:
                message = f"`{asset.name}` cannot be made of `{dependency.asset}`: {error.message}"
                raise SpecError(message, hint=error.hint, place=step.place) from None


def _asset_steps(pipeline: Pipeline) -> Iterator[AssetStep]:
    return (step for step in pipeline.steps if isinstance(step, AssetStep))


def _outputs(step: Step) -> tuple[str, ...]:
    """Return the steps whose outputs stand in the arguments of a step."""
    return tuple(outputs_in([step.arguments, step.expand])) if isinstance(step, OperatorStep) else ()


def outputs_in(value: object) -> Iterator[str]:
    """Yield the ids of the steps whose outputs stand in a value."""
    match value:
        case Output(step):
            yield step
        case dict() | Mapping():
            yield from outputs_in(list(value.values()))
        case list():
            for part in value:
                if not isinstance(part, str):
                    yield from outputs_in(part)


def _first(place: Place | None) -> str | None:
    return None if place is None else f"the first stands at {place}"
