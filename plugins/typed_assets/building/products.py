"""Stages what the function of a step has made."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from typed_assets.authoring.made import Files, Load, Made, Sql
from typed_assets.building.reading import upstream_asset
from typed_assets.building.statements import filled_statement
from typed_assets.context import AssetContext, Run
from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.pipelines import AssetStep
from typed_assets.staging import Staged


def token(run: Run, asset: Asset) -> str:
    """Return what names an attempt: the same for the same run, asset and partition."""
    words = "\n".join((run.dag_id, run.run_id, asset.name, run.partition or ""))
    return sha256(words.encode()).hexdigest()[:16]


def stage_all(context: AssetContext, made: object, step: AssetStep) -> None:
    """Stage what the function of a step returned, for each of its assets.

    Raises:
        SpecError: it made nothing of an asset, or something that is not the step's.
    """
    for name, product in _by_asset(context, made, step).items():
        stage(context, _located(product, step), asset=name)
    missing = [asset.name for asset in context.assets if asset.name not in context.staged]
    if missing:
        message = f"step `{step.id}` made nothing of `{missing[0]}`"
        hint = "return rows, `Sql` or the path of a SQL file, or call `context.write`"
        raise SpecError(message, hint=hint, place=step.place)


def stage(context: AssetContext, product: Made, *, asset: str | None = None) -> Staged:
    """Stage one product, and note it in the context.

    Raises:
        SpecError: the asset is not made here, or has been written already, or the product is of no use.
    """
    target = _target(context, asset)
    if target.name in context.staged:
        message = f"`{target.name}` has been written already"
        raise SpecError(message, hint="write it once, or return it")
    staged = _staged(context, target, product)
    context.staged[target.name] = staged
    return staged


def _staged(context: AssetContext, target: Asset, product: object) -> Staged:
    words: dict[str, Any] = {
        "services": context.services,
        "token": token(context.run, target),
        "partition": context.partition if target.partitions else None,
    }
    match product:
        case Staged():
            return product
        case Sql(text):
            return context.storage.stage_sql(target, filled_statement(text, context), **words)
        case Path():
            return context.storage.stage_sql(target, filled_statement(product.read_text(), context), **words)
        case Files(keys):
            return context.storage.stage_files(target, keys, **words)
        case Load(source):
            return context.storage.stage_load(target, upstream_asset(context, source), **words)
        case str() | bytes() | Mapping():
            pass
        case Iterable():
            return context.storage.stage_rows(target, product, **words)
    message = f"`{target.name}` cannot be made of {type(product).__name__}"
    raise SpecError(
        message, hint="give an iterable of mappings, `Sql`, `Files`, `Load`, or the `Path` of a SQL file"
    )


def _target(context: AssetContext, name: str | None) -> Asset:
    assets = {asset.name: asset for asset in context.assets}
    if name is None and len(assets) == 1:
        return context.asset
    if name is None or name not in assets:
        message = "say which asset it is" if name is None else f"`{name}` is not made here"
        raise SpecError(message, hint=nearest(name or "", assets) or f"one of {', '.join(sorted(assets))}")
    return assets[name]


def _by_asset(context: AssetContext, made: object, step: AssetStep) -> Mapping[str, Any]:
    if made is None:
        return {}
    if len(context.assets) == 1 and not isinstance(made, Mapping):
        return {context.asset.name: made}
    if not isinstance(made, Mapping):
        message = f"step `{step.id}` makes {len(context.assets)} assets and returned {type(made).__name__}"
        raise SpecError(message, hint="return a mapping from the names of assets", place=step.place)
    return made


def _located(product: object, step: AssetStep) -> Any:  # noqa: ANN401 - what an author returns
    """Return a product with its path below the folder of the file that the step stands in."""
    if isinstance(product, Path) and step.place is not None:
        return Path(step.place.file).parent / product
    return product
