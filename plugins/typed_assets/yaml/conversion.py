"""From models of the file to values of `spec`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from typed_assets.spec import assets, contracts, partitions
from typed_assets.spec.errors import SpecError
from typed_assets.spec.names import task_id
from typed_assets.spec.order import outputs_in
from typed_assets.spec.partition_axes import Axis, check_axis
from typed_assets.spec.pipelines import AssetStep, Retries
from typed_assets.yaml import models
from typed_assets.yaml.documents import Path
from typed_assets.yaml.values import ValueFaultError, converted

MAPPINGS: Mapping[str, Callable[[], partitions.Mapping]] = {
    "identity": partitions.Identity,
    "rollup": partitions.Rollup,
    "all": partitions.AllPartitions,
    "last": partitions.LastPartition,
}


class ConversionError(Exception):
    """A `SpecError` with the path of keys where it arose, and a word to look for there."""

    def __init__(self, path: Path, error: SpecError) -> None:
        self.path, self.error = path, error
        words = error.message.split("`")
        self.word = words[-2] if len(words) > 2 else None  # noqa: PLR2004 - text between two marks
        super().__init__(error.message)


def asset_step(model: models.AssetStepModel) -> AssetStep:
    """Return the step that a model says.

    Raises:
        ConversionError: its values do not go together.
    """
    given = [(("asset",), model.asset)] if model.asset else []
    several = [(("assets", number), each) for number, each in enumerate(model.assets)]
    if bool(given) == bool(several):
        raise ConversionError((), SpecError("a step makes an `asset` or `assets`"))
    made = tuple(asset(each, path) for path, each in [*given, *several])
    return AssetStep(
        id=model.id or task_id(made[0].name),
        assets=made,
        make=model.make,
        after=tuple(model.after),
        retries=Retries(
            count=model.retries.count, delay=model.retries.delay, exponential=model.retries.exponential
        ),
        timeout=model.timeout,
    )


def asset(model: models.AssetModel, path: Path) -> assets.Asset:
    """Return the asset that a model says; `path` is where it stands."""
    made_contract = None if model.contract is None else _at((*path, "contract"), contract, model.contract)
    divided = None if model.partitions is None else division(model.partitions, (*path, "partitions"))
    fresh = None if model.freshness is None else _at((*path, "freshness"), _freshness, model.freshness)
    watchers = tuple(
        _watcher(each, (*path, "watchers", number)) for number, each in enumerate(model.watchers)
    )
    return _at(path, _asset, model, made_contract, divided, fresh, watchers)


def _asset(
    model: models.AssetModel,
    made: contracts.Contract | None,
    divided: partitions.Partitions | None,
    fresh: assets.FreshnessPolicy | None,
    watchers: tuple[assets.Watcher, ...],
) -> assets.Asset:
    quarantine = model.quarantine
    return assets.Asset(
        name=model.name,
        uri=model.uri,
        owners=tuple(model.owners),
        description=model.description,
        group=model.group,
        tags=tuple(model.tags),
        contract=made,
        partitions=divided,
        checks=tuple(_check(each) for each in model.checks),
        upstream=tuple(assets.Dependency(each.asset, MAPPINGS[each.mapping]()) for each in model.upstream),
        watchers=watchers,
        freshness=fresh,
        quarantine=assets.Quarantine(uri=quarantine.uri, max_share=quarantine.max_share)
        if quarantine
        else None,
    )


def _watcher(model: models.WatcherModel, path: Path) -> assets.Watcher:
    arguments = {}
    for name, value in model.arguments.items():
        place = (*path, "arguments", name)
        try:
            arguments[name] = converted(value, None, place)
        except ValueFaultError as fault:
            found, message, hint = fault.problem
            raise ConversionError(found, SpecError(message, hint=hint)) from None
        if next(outputs_in([arguments[name]]), None) is not None:
            message = "`$output` is what a step returned, and only arguments of steps can be that"
            raise ConversionError(place, SpecError(message))
    return assets.Watcher(model.name, model.trigger, arguments)


def _freshness(model: models.FreshnessModel) -> assets.FreshnessPolicy:
    return assets.FreshnessPolicy(within=model.within, warn_within=model.warn_within)


def _check(model: models.CheckModel) -> assets.Check:
    severity = contracts.Severity(model.severity)
    return assets.Check(name=model.name, run=model.run, severity=severity, description=model.description)


def contract(model: models.ContractModel) -> contracts.Contract:
    """Return the contract that a model says."""
    rows, fresh = model.rows, model.fresh
    return contracts.Contract(
        columns=tuple(_column(each) for each in model.columns),
        keys=tuple(tuple(key) for key in model.keys),
        rows=None if rows is None else _rows(rows),
        fresh=None if fresh is None else _fresh(fresh),
        rules=tuple(
            contracts.SqlRule(name=each.name, sql=each.sql, severity=contracts.Severity(each.severity))
            for each in model.rules
        ),
        closed=model.closed,
    )


def _rows(model: models.RowsModel) -> contracts.RowCount:
    severity = contracts.Severity(model.severity)
    return contracts.RowCount(minimum=model.minimum, maximum=model.maximum, severity=severity)


def _fresh(model: models.FreshModel) -> contracts.FreshData:
    severity = contracts.Severity(model.severity)
    return contracts.FreshData(column=model.column, within=model.within, severity=severity)


def _column(model: models.ColumnModel) -> contracts.Column:
    values = {name: getattr(model, name) for name in models.ColumnModel.model_fields}
    values |= {
        "type": contracts.ColumnType(model.type),
        "severity": contracts.Severity(model.severity),
        "allowed": tuple(model.allowed),
    }
    return contracts.Column(**values)


def division(model: models.PartitionsModel, path: Path) -> partitions.Partitions:
    """Return how an asset is divided.

    Raises:
        ConversionError: there is not one form, or a time is none.
    """
    given = [name for name in ("hourly", "daily", "static", "product") if getattr(model, name) is not None]
    if len(given) != 1:
        message = "partitions are one of `hourly`, `daily`, `static`, `product`"
        raise ConversionError(path, SpecError(message))
    if model.product is not None:
        pair = [division(each, (*path, "product", number)) for number, each in enumerate(model.product)]
        return partitions.Product(_simple(pair, 0, path), _simple(pair, 1, path))
    return _at((*path, given[0]), _AXES[given[0]], getattr(model, given[0]))


def _static(names: Sequence[str]) -> partitions.Static:
    return _checked(partitions.Static(tuple(names)))


def _checked[Of: Axis](axis: Of) -> Of:
    check_axis(axis)
    return axis


def _simple(pair: Sequence[partitions.Partitions], number: int, path: Path) -> Axis:
    found = pair[number]
    if isinstance(found, partitions.Product):
        message = "a product has two parts that are no products"
        raise ConversionError((*path, "product", number), SpecError(message))
    return found


def _hourly(model: models.SpanModel) -> partitions.Hourly:
    end = None if model.end is None else _time(model.end)
    return _checked(partitions.Hourly(start=_time(model.start), end=end))


def _daily(model: models.SpanModel) -> partitions.Daily:
    end = None if model.end is None else _day(model.end)
    return _checked(partitions.Daily(start=_day(model.start), end=end))


_AXES: Mapping[str, Callable[..., Axis]] = {"static": _static, "hourly": _hourly, "daily": _daily}


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"`{text}` is no time"
        raise SpecError(message, hint="write `2013-01-01T00:00`") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"`{text}` is no day"
        raise SpecError(message, hint="write `2013-01-01`") from None


def _at[Model, Value](path: Path, make: Callable[..., Value], *given: Model) -> Value:
    try:
        return make(*given)
    except SpecError as error:
        raise ConversionError(path, error) from None
