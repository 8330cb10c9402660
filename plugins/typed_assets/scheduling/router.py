"""One queue, one poller, many assets: a DAG that tells each asset of the files that have landed for it.

Airflow gives an event of a trigger to every asset that shares the trigger, so a trigger alone cannot choose.
A single asset is watched, `ID.inbox`; its events run this DAG, and one task gives each asset its own event.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import SpecError
from typed_assets.spec.landed_objects import LandedObject, routed
from typed_assets.spec.locations import S3Prefix, filled, location

LANDED_KEY = "landed"
"""In the extra of an asset's event: the objects that have landed, as JSON text.

Airflow 3.0 drops events of an alias, with a line in the log alone, where a value of the extra is a list.
"""
MOST_AT_ONCE = 10
"""So many messages SQS deletes at once."""
_log = logging.getLogger(__name__)


def router(
    dag_id: str,
    *,
    queue: str,
    assets: Sequence[Asset],
    dead_letter: str | None = None,
    hidden_seconds: int = 300,
    **arguments: Any,  # noqa: ANN401 - of DAG
) -> Any:  # noqa: ANN401 - an airflow.sdk.DAG
    """Return a DAG that turns messages about new objects into events of the assets they lie below.

    Messages are deleted when the events have been given to Airflow. What lies below no asset's prefix is
    logged as an error and goes to the dead-letter queue, if there is one.

    Args:
        dag_id: of the DAG.
        queue: URL of the queue; `{option}` in it stands for an option, as in the URIs of assets.
        assets: data sets of files; the URI of each is its prefix.
        dead_letter: URL of a queue for messages that nobody takes.
        hidden_seconds: how long a message is hidden from other readers; longer than a run of this DAG takes.
        arguments: further arguments of `DAG`.

    Raises:
        SpecError: an asset is no data set of files on S3.
    """
    for asset in assets:
        if not isinstance(location(asset.uri), S3Prefix):
            message = f"files cannot land in `{asset.name}`, which stands at `{asset.uri}`"
            raise SpecError(message, hint="route to data sets of files: `s3://BUCKET/PREFIX/`")
    from airflow.sdk import DAG, AssetAlias, task
    from airflow.sdk import Asset as AirflowAsset

    inbox, alias = _inbox(dag_id, queue, dead_letter, hidden_seconds), AssetAlias(f"{dag_id}.routed")
    usual = {
        "description": f"Tells {len(assets)} assets of the files that have landed",
        "catchup": False,
        "max_active_runs": 4,
    }
    with DAG(dag_id, schedule=[inbox], **{**usual, **arguments}) as dag:

        @task(outlets=[alias], retries=2)
        def route(**context: Any) -> list[str]:  # noqa: ANN401 - Airflow's context
            """Give each asset its event; return the handles of the messages."""
            from typed_assets.building.airflow_assets import airflow_asset
            from typed_assets.building.services import airflow_services

            services, batches = airflow_services(), batches_of(context)
            found = sort_out(batches, assets, services, _filled(dead_letter, services))
            by_name = {asset.name: asset for asset in assets}
            for name, objects in found.items():
                made: AirflowAsset = airflow_asset(by_name[name])
                extra = {LANDED_KEY: json.dumps([each.to_json() for each in objects])}
                context["outlet_events"][alias].add(made, extra=extra)
            messages = (message for batch in batches for message in batch["messages"])
            return [message["receipt"] for message in messages if "receipt" in message]

        @task(retries=3)
        def acknowledge(receipts: list[str]) -> int:
            """Delete the messages, now that Airflow has the events."""
            from typed_assets.building.services import airflow_services

            services = airflow_services()
            return delete(receipts, _filled(queue, services) or queue, services=services)

        acknowledge(route())
    return dag


def batches_of(context: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - Airflow's context
    """Return what the trigger has handed on to a run, and what the configuration of a run by hand adds.

    So files can be told of again, `{"messages": [{"objects": [{"bucket": ..., "key": ...}]}]}`.
    """
    events = (event for found in context["triggering_asset_events"].values() for event in found)
    handed_on = [event.extra["payload"] for event in events if "payload" in (event.extra or {})]
    given = context["dag_run"].conf or {}
    return [*handed_on, given] if "messages" in given else handed_on


def landed_objects(context: Any) -> list[LandedObject]:  # noqa: ANN401 - Airflow's context
    """Return the objects whose landing has started a run of another DAG."""
    events = (event for found in context["triggering_asset_events"].values() for event in found)
    texts = (event.extra[LANDED_KEY] for event in events if LANDED_KEY in (event.extra or {}))
    return [LandedObject(**each) for text in texts for each in json.loads(text)]


def sort_out(
    batches: Iterable[Mapping[str, Any]],
    assets: Iterable[Asset],
    services: Services,
    dead_letter_url: str | None,
) -> dict[str, list[LandedObject]]:
    """Return the landed objects of each asset, by its name; tell of those that belong to none."""
    prefixes = {asset.name: _prefix(filled(asset.uri, services.options)) for asset in assets}
    told = (each for batch in batches for message in batch["messages"] for each in message["objects"])
    found, strays = routed((LandedObject(**each) for each in told), prefixes)
    for stray in strays:
        _log.error("%s lies below the prefix of no asset", stray.uri)
        if dead_letter_url is not None:
            _send(stray, dead_letter_url, services)
    return found


def delete(receipts: Sequence[str], queue_url: str, *, services: Services) -> int:
    """Delete messages from a queue; return how many.

    Raises:
        RuntimeError: SQS has not deleted some; those come back.
    """
    client, failed = services.client("sqs"), list[Any]()
    for part in batched(receipts, MOST_AT_ONCE):
        entries = [{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(part)]
        failed += client.delete_message_batch(QueueUrl=queue_url, Entries=entries).get("Failed", [])
    if failed:
        message = f"{len(failed)} of {len(receipts)} messages were not deleted: {failed[0].get('Message')}"
        raise RuntimeError(message)
    return len(receipts)


def _send(stray: LandedObject, queue_url: str, services: Services) -> None:
    services.client("sqs").send_message(
        QueueUrl=queue_url, MessageBody=json.dumps({"stray": stray.to_json()})
    )


def _inbox(dag_id: str, queue: str, dead_letter: str | None, hidden_seconds: int) -> Any:  # noqa: ANN401
    """Return the watched asset."""
    from airflow.sdk import Asset as AirflowAsset
    from airflow.sdk import AssetWatcher

    from typed_assets.building.options import AirflowOptions
    from typed_assets.scheduling.queue_trigger import LandedFilesTrigger

    options = AirflowOptions()
    trigger = LandedFilesTrigger(
        queue_url=filled(queue, options),
        dead_letter_url=filled(dead_letter, options) if dead_letter else None,
        hidden_seconds=hidden_seconds,
    )
    # To Asset itself: the decorator of Airflow accepts watchers and drops them (3.0 to 3.4).
    return AirflowAsset(f"{dag_id}.inbox", watchers=[AssetWatcher(name=dag_id, trigger=trigger)])


def _filled(url: str | None, services: Services) -> str | None:
    return filled(url, services.options) if url else None


def _prefix(uri: str) -> str:
    return uri if uri.endswith("/") else f"{uri}/"
