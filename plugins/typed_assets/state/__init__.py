"""What an asset's tasks remember from run to run: watermarks, cursors, ids of jobs that go on.

    mark = state("raw.orders")
    seen = mark.get()
    rows = orders_since(seen.value if seen else None)
    ...
    mark.compare_and_set(seen, newest)

Of two tasks that saw the same, one writes and the other gets a `StateConflictError`. Variables of Airflow and
the asset state store of Airflow 3.3 cannot promise that: they only know get and set. So a conditional write
decides, to the DynamoDB table of the option `pipelines.state_table`, or else to S3. Where Airflow has an
asset state store and the task has the asset as inlet or outlet, the value is written there too, for its UI.
"""

from collections.abc import Mapping
from typing import Any

from typed_assets.services import Services
from typed_assets.spec.errors import SpecError
from typed_assets.state.airflow_store import show_in_airflow
from typed_assets.state.dynamodb_store import DynamoDBStore
from typed_assets.state.entries import Entry, Json, StateConflictError, Store, draft
from typed_assets.state.s3_store import S3Store

__all__ = ["DynamoDBStore", "Entry", "S3Store", "State", "StateConflictError", "Store", "state"]

WATERMARK = "watermark"


class State:
    """One value of an asset, read and written as a whole.

    Args:
        asset: the asset's name.
        key: tells several values of an asset apart.
        store: where it is kept.
        context: of the running task, for Airflow's own store; None outside of one.
    """

    def __init__(self, asset: str, key: str, store: Store, context: Mapping[str, Any] | None = None) -> None:
        self._asset, self._key, self._store, self._context = asset, key, store, context

    def get(self) -> Entry | None:
        """Return the value with its version, or None if it was never set."""
        return self._store.read(self._asset, self._key)

    def compare_and_set(self, seen: Entry | None, value: Json) -> Entry:
        """Set the value if nobody has since it was read.

        Args:
            seen: what `get` returned.
            value: JSON.

        Returns:
            What stands there now.

        Raises:
            StateConflictError: another has written it meanwhile; read again, and work from there.
            TypeError: the value is no JSON.
        """
        new = draft(seen, value)
        written = self._store.write(self._asset, self._key, seen, new)
        if written is None:
            written = self.get()
            # A write whose answer was lost is repeated by boto3, and the repetition finds it done.
            if written is None or written.token != new.token:
                raise StateConflictError(self._asset, self._key, seen, written)
        show_in_airflow(self._asset, self._key, value, self._context)
        return written


def state(
    asset: Any,  # noqa: ANN401 - a name, or an asset of typed_assets or of Airflow
    *,
    services: Services | None = None,
    key: str = WATERMARK,
    context: Mapping[str, Any] | None = None,
) -> State:
    """Return a value of an asset that outlives runs.

    Args:
        asset: its name, or what has one: an asset of this library or of Airflow.
        services: AWS clients and options; without them, those of the running task.
        key: tells several values of an asset apart.
        context: of the running task; without it, the current one's, if there is one.

    Raises:
        SpecError: neither `pipelines.state_table` nor `pipelines.data_bucket` is set.
    """
    name = asset if isinstance(asset, str) else asset.name
    return State(name, key, _store(services or _of_task()), context)


def _of_task() -> Services:
    from typed_assets.building.services import airflow_services

    return airflow_services()


def _store(services: Services) -> Store:
    if table := services.options.get("state_table"):
        return DynamoDBStore(services.client("dynamodb"), table, services.now)
    if bucket := services.options.get("data_bucket"):
        return S3Store(services.client("s3"), bucket, services.now)
    message = "state needs the option `pipelines.state_table` or `pipelines.data_bucket`"
    raise SpecError(message, hint="set one of them in Airflow's configuration")
