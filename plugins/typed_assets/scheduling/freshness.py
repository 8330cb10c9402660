"""Looks whether assets are late: a metric, an alarm over it, and a message when one becomes late.

The metric `LateAssets` of the namespace `TypedAssets` counts late assets, and `AssetAge` has the age of each
in seconds. The alarm over the first one stands in the observability stack.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any, Protocol

from typed_assets.notifying.late import LookRun, late_message, look_run
from typed_assets.notifying.message import Message
from typed_assets.scheduling.published import last_publication
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.freshness import AssetAge, Freshness, ages, turned
from typed_assets.spec.locations import filled
from typed_assets.state import State, state

NAMESPACE = "TypedAssets"
TOPIC = "{notification_topic_arn}"
MOST_DATA = 500
"""How many values PutMetricData takes at once, less some."""
TOLD = "told_of_late_assets"
"""Under which the state of the DAG keeps what people were told, with the sender's name behind."""
type Send = Callable[[Message], None]
_log = logging.getLogger(__name__)


class Notifier(Protocol):
    """Sends messages; each notifier of `typed_assets.notifying` is one."""

    def send(self, message: Message) -> None:
        """Send a message."""
        ...


def look(assets: Iterable[Asset], *, services: Services) -> tuple[AssetAge, ...]:
    """Return how old the assets with a freshness policy are, as the history on S3 says.

    Of a fresh asset whose keys sort by time only the last are listed: its age is that of the last attempt or
    partition then, though an older one may have been published anew since.
    """
    now, watched, published = services.now(), list[Asset](), dict[str, datetime]()
    for asset in assets:
        if asset.freshness is not None:
            watched.append(asset)
            fresh_since = now - (asset.freshness.warn_within or asset.freshness.within)
            if (at := last_publication(asset, fresh_since, services=services)) is not None:
                published[asset.name] = at
    return ages(watched, published, now)


def measure(found: Sequence[AssetAge], *, environment: str, services: Services) -> None:
    """Write the metrics: how many assets are late, and the age of each."""
    here = {"Name": "Environment", "Value": environment}
    late: dict[str, Any] = {
        "MetricName": "LateAssets",
        "Dimensions": [here],
        "Value": float(sum(each.is_late for each in found)),
        "Unit": "Count",
    }
    of_each = [
        {
            "MetricName": "AssetAge",
            "Dimensions": [here, {"Name": "Asset", "Value": each.asset}],
            "Value": each.age.total_seconds(),
            "Unit": "Seconds",
        }
        for each in found
        if each.age is not None
    ]
    client = services.client("cloudwatch")
    for part in batched([late, *of_each], MOST_DATA):
        client.put_metric_data(Namespace=NAMESPACE, MetricData=list(part))


def tell(
    found: Sequence[AssetAge], look: LookRun, senders: Mapping[str, Send], *, services: Services
) -> tuple[AssetAge, ...]:
    """Tell people of the assets that have become late or ageing since they were told last; return these.

    What was told is kept as state of the DAG, for each sender: so nobody is told twice, nor misses anything
    where a look comes late or a sender fails. The next look tells what one could not send.

    Args:
        found: at this look.
        look: the run that has looked.
        senders: by the names under which is kept what they were told; one that fails keeps no other back.
        services: of the task.

    Raises:
        Exception: the first failure, when all senders have had their turn.
    """
    new, failures = set[str](), list[Exception]()
    for name, send in senders.items():
        told = state(look.dag_id, services=services, key=f"{TOLD}.{name}", context={})
        try:
            new.update(_tell_one(found, look, send, told))
        except Exception as error:  # noqa: BLE001 - whatever one cannot send, the others can
            _log.exception("%s was not told and will be at the next look", name)
            failures.append(error)
    if failures:
        raise failures[0]
    return tuple(each for each in found if each.asset in new)


def _tell_one(found: Sequence[AssetAge], look: LookRun, send: Send, told: State) -> Iterator[str]:
    """Tell one sender what it has not been told; return the names of these assets."""
    seen = told.get()
    before = seen.value if seen is not None and isinstance(seen.value, dict) else {}
    new = turned(found, {name: str(value) for name, value in before.items()})
    if new:
        send(late_message(new, look))
    now = {each.asset: each.state.value for each in found if each.state is not Freshness.FRESH}
    if now != before:
        told.compare_and_set(seen, dict(now))
    return (each.asset for each in new)


def freshness(
    dag_id: str,
    assets: Sequence[Asset],
    *,
    every: timedelta = timedelta(minutes=5),
    topic: str | None = TOPIC,
    notifiers: Sequence[Notifier] = (),
    **arguments: Any,  # noqa: ANN401 - of DAG
) -> Any:  # noqa: ANN401 - an airflow.sdk.DAG
    """Return a DAG that looks whether assets are late.

    Args:
        dag_id: of the DAG.
        assets: those that have a freshness policy are looked at.
        every: how long between two looks; an alarm judges five minutes at a time.
        topic: ARN of the topic that is told when an asset becomes late, `{option}` standing for an option;
            None leaves it to the notifiers and the alarm.
        notifiers: of `typed_assets.notifying`, such as `SlackNotifier()`; they are told too.
        arguments: further arguments of `DAG`.
    """
    from airflow.sdk import DAG, task

    usual = {
        "description": "Looks whether assets are late",
        "start_date": datetime(2024, 1, 1, tzinfo=UTC),
        "catchup": False,
        "max_active_runs": 1,
    }
    with DAG(dag_id, schedule=every, **{**usual, **arguments}) as dag:

        @task(task_id="look", retries=1)
        def look_at_all(**context: Any) -> list[str]:  # noqa: ANN401 - Airflow's context
            """Write the metrics and tell of what has become late; return the sentences of what is."""
            from typed_assets.building.services import airflow_services

            services, run = airflow_services(), look_run(context)
            found = look(assets, services=services)
            measure(found, environment=run.environment or "airflow", services=services)
            late = [each.sentence for each in found if each.is_late]
            for sentence in late:
                _log.warning(sentence)
            _log.info("ages: %s", json.dumps({each.asset: str(each.state) for each in found}))
            arn = None if topic is None else filled(topic, services.options)
            topics = {} if arn is None else {"topic": _to_topic(arn, services)}
            tell(found, run, topics | named(notifiers), services=services)
            return late

        look_at_all()
    return dag


def named(notifiers: Iterable[Notifier]) -> dict[str, Send]:
    """Return what sends, by names that stay: of its class, and which of this class it is."""
    found, numbers = dict[str, Send](), Counter[str]()
    for each in notifiers:
        kind = type(each).__name__
        numbers[kind] += 1
        found[f"{kind}.{numbers[kind]}"] = each.send
    return found


def _to_topic(arn: str, services: Services) -> Send:
    from typed_assets.notifying.sending import send_to_sns

    return partial(send_to_sns, services.client("sns"), arn)
