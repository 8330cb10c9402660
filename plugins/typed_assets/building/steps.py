"""Writing and checking an asset, as plain functions: no Airflow, no DAG.

    for asset, staged in zip(step.assets, write_step(step, services=services, run=run)):
        record = check_step(asset, staged, services=services, run=run)

The tasks of a DAG call them, and so does `typed_assets.testing.materialize`.
"""

import logging
from dataclasses import replace
from time import perf_counter

from typed_assets.aws_storage import AwsStorage
from typed_assets.building.history import keep, kept
from typed_assets.building.makers import call, maker
from typed_assets.building.own_checks import own_results
from typed_assets.building.products import stage_all
from typed_assets.building.refusal import AssetRefusedError
from typed_assets.context import AssetContext, Run
from typed_assets.io.errors import NotStagedError
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Severity
from typed_assets.spec.pipelines import AssetStep
from typed_assets.spec.publication import Record
from typed_assets.staging import Audit, Staged
from typed_assets.storage import Storage

logger = logging.getLogger(__name__)


def write_step(
    step: AssetStep, *, services: Services, run: Run, storage: Storage | None = None
) -> tuple[Staged, ...]:
    """Call the function of a step and stage what it makes; no reader sees it yet.

    Args:
        step: what is made, and how.
        services: AWS clients, options and the clock.
        run: the run that this is part of; the same run stages at the same places.
        storage: where it goes; without it, S3 and Redshift.

    Returns:
        What has been staged, in the order of the step's assets.

    Raises:
        SpecError: the function made something else than the step's assets, or there is no place for the
            history.
    """
    services.option("data_bucket")  # the history's: without it, a table would be published and then fail
    context = AssetContext(assets=step.assets, services=services, run=run, storage=storage or AwsStorage())
    began, started = services.now().isoformat(timespec="milliseconds"), perf_counter()
    stage_all(context, call(maker(step), context), step)
    seconds = round(perf_counter() - started, 3)
    staged = (replace(context.staged[asset.name], began=began) for asset in step.assets)
    return tuple(part if part.seconds is not None else replace(part, seconds=seconds) for part in staged)


def check_step(
    asset: Asset, staged: Staged, *, services: Services, run: Run, storage: Storage | None = None
) -> Record:
    """Check what has been staged of an asset, and publish it if no blocking check failed.

    The attempt is kept in the history either way. Where it stands there already, and nothing is staged any
    more, an earlier try came so far and no further: then its record is what there is to say.

    Args:
        asset: what is checked.
        staged: what `write_step` returned for it.
        services: AWS clients, options and the clock.
        run: the run that this is part of.
        storage: where it stands; without it, S3 and Redshift.

    Returns:
        The record of the publication; failed checks in it only warn.

    Raises:
        AssetRefusedError: a blocking check failed; nothing has been published.
        SpecError: there is no place for the history.
        NotStagedError: nothing is staged, and the history knows nothing of it.
    """
    services.option("data_bucket")
    store = storage or AwsStorage()
    try:
        audit = store.audit(asset, staged, services=services)
    except NotStagedError:
        earlier = kept(staged, services=services)
        if earlier is None:
            raise
        return _told(earlier)
    context = AssetContext(
        assets=(asset,), services=services, run=run, storage=store, staged={asset.name: staged}
    )
    record = _record(staged, replace(audit, checks=(*audit.checks, *own_results(context))), services, run)
    _log(record)
    if record.blocking:
        keep(record, services=services)
        _clear(asset, staged, services, store)
        return _told(record)
    # In this order, whatever ends the process in between, trying again publishes the same and tells it.
    store.publish(asset, staged, services=services)
    keep(record, services=services)
    _clear(asset, staged, services, store)
    return record


def _told(record: Record) -> Record:
    if record.blocking:
        raise AssetRefusedError(record)
    return record


def _clear(asset: Asset, staged: Staged, services: Services, store: Storage) -> None:
    """Remove what is staged; what cannot be removed harms nobody, so that it fails no run."""
    try:
        store.discard(asset, staged, services=services)
    except Exception:
        logger.exception("%s: what was staged at %s could not be removed", asset.name, staged.place)


def _record(staged: Staged, audit: Audit, services: Services, run: Run) -> Record:
    blocked = any(not check.passed and check.severity is Severity.BLOCK for check in audit.checks)
    return Record(
        asset=staged.asset,
        published=not blocked,
        at=services.now().isoformat(timespec="milliseconds"),
        dag_id=run.dag_id,
        run_id=run.run_id,
        task_id=run.task_id,
        partition=staged.partition,
        rows=audit.rows if audit.rows is not None else staged.rows,
        bytes=staged.bytes,
        seconds=staged.seconds,
        schema_hash=audit.schema_hash,
        quarantined=staged.quarantined + audit.quarantined,
        began=staged.began,
        checks=audit.checks,
    )


def _log(record: Record) -> None:
    logger.info("%s: %d checks on %s rows", record.asset, len(record.checks), record.rows)
    for check in (*record.blocking, *record.warnings):
        logger.log(
            logging.ERROR if check.severity is Severity.BLOCK else logging.WARNING,
            "%s: check %s failed: %d violations, saw %s, expected %s",
            record.asset,
            check.name,
            check.violations,
            check.observed or "-",
            check.expected or "-",
        )
