"""The two operators of an asset step: one writes, one checks and publishes."""

from collections.abc import Iterable, Mapping
from typing import Any

from airflow.sdk import BaseOperator

from typed_assets.context import Run
from typed_assets.scheduling import announce, partition_of
from typed_assets.spec.assets import Asset
from typed_assets.spec.catalogue import event_extra
from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_keys import check_key
from typed_assets.spec.pipelines import AssetStep
from typed_assets.spec.publication import EXTRA_KEY, Record, for_event
from typed_assets.staging import Staged


class WriteAsset(BaseOperator):
    """Calls the function of a step and stages what it makes. It has no outlets: nothing is published yet.

    Args:
        step: what is made, and how.
        known: the assets that the function can read, by name.
        arguments: for `BaseOperator`.
    """

    ui_color = "#e8f1fb"

    def __init__(self, *, step: AssetStep, known: Mapping[str, Asset], **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.step, self.known = step, known

    def execute(self, context: Any) -> dict[str, Any]:  # noqa: ANN401 - Airflow's context
        """Return what has been staged, by the asset's name."""
        from typed_assets.building.services import airflow_services
        from typed_assets.building.steps import write_step

        run = run_of(context, self.step.assets, self.known)
        staged = write_step(self.step, services=airflow_services(), run=run)
        return {part.asset: part.to_json() for part in staged}


class CheckAsset(BaseOperator):
    """Checks what has been staged of an asset, and publishes it; the asset is its outlet.

    Airflow emits the asset's event when this task ends well. A blocking check that fails ends the task for
    good: the same data would break the same rule again. Other errors are tried again.

    Args:
        asset: what is checked.
        writer: the id of the task that staged it.
        known: the assets that checks can read, by name.
        arguments: for `BaseOperator`; `outlets` holds the Airflow asset.
    """

    ui_color = "#e9f7ee"

    def __init__(
        self,
        *,
        asset: Asset,
        writer: str,
        known: Mapping[str, Asset],
        **arguments: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**arguments)
        self.asset, self.writer, self.known = asset, writer, known

    def execute(self, context: Any) -> None:  # noqa: ANN401 - Airflow's context
        """Check and publish.

        Raises:
            AirflowFailException: a blocking check failed; its cause is an `AssetRefusedError`.
        """
        from typed_assets.building.refusal import AssetRefusedError
        from typed_assets.building.services import airflow_services
        from typed_assets.building.steps import check_step
        from typed_assets.building.versions import name_of_airflow

        run, staged = run_of(context, (self.asset,), self.known), self._staged(context)
        try:
            record = check_step(self.asset, staged, services=airflow_services(), run=run)
        except AssetRefusedError as error:
            self._tell(context, error.record)
            raise name_of_airflow("AirflowFailException")(str(error)) from error
        extra = self._tell(context, record)
        for outlet in self.outlets:
            context["outlet_events"][outlet].extra.update(extra)
            announce(context, outlet, run.partition)

    def _staged(self, context: Any) -> Staged:  # noqa: ANN401 - Airflow's context
        """Return what the writer has staged in this run."""
        written = context["ti"].xcom_pull(task_ids=self.writer)
        if not written:
            message = f"`{self.writer}` has staged nothing of `{self.asset.name}` in this run"
            raise SpecError(message, hint="clear it too")
        return Staged.from_json(written[self.asset.name])

    def _tell(self, context: Any, record: Record) -> dict[str, Any]:  # noqa: ANN401 - Airflow's context
        """Push the record as XCom, which a refused publication has instead of an event; return the extra."""
        extra = event_extra(self.asset, for_event(record))
        context["ti"].xcom_push(key=EXTRA_KEY, value=extra[EXTRA_KEY])
        return extra


def run_of(context: Any, assets: Iterable[Asset], known: Mapping[str, Asset]) -> Run:  # noqa: ANN401
    """Return the run that a task belongs to; it has a partition where one of the assets has partitions."""
    ti = context["ti"]
    return Run(
        dag_id=ti.dag_id,
        run_id=ti.run_id,
        task_id=ti.task_id,
        partition=_partition(context, assets),
        logical_date=context.get("logical_date"),
        params=context.get("params", {}),
        assets=known,
        pull=lambda task_id: ti.xcom_pull(task_ids=task_id),
    )


def _partition(context: Any, assets: Iterable[Asset]) -> str | None:  # noqa: ANN401 - Airflow's context
    """Return the partition that a run makes of the assets, or None where none of them has partitions.

    Raises:
        SpecError: the run names no partition, or one that there is not.
    """
    for asset in assets:
        if asset.partitions is not None:
            key = partition_of(context)
            if key is None:
                message = f"this run does not say which partition of `{asset.name}` it makes"
                hint = f'start it with `mwaactl asset backfill {asset.name}`, or with `{{"partition": KEY}}`'
                raise SpecError(message, hint=hint)
            return check_key(asset.partitions, key)
    return None
