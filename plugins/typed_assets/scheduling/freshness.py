"""Looks whether assets are late: a metric, an alarm over it, and a message when one becomes late.

The metric `LateAssets` of the namespace `TypedAssets` counts late assets, and `AssetAge` has the age of each
in seconds. The alarm over the first one stands in the observability stack.
"""

import json
import logging
import os
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import batched
from typing import Any

from typed_assets.scheduling.published import publications
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.freshness import AssetAge, ages
from typed_assets.spec.locations import filled

NAMESPACE = "TypedAssets"
TOPIC = "{notification_topic_arn}"
MOST_DATA = 500
"""How many values PutMetricData takes at once, less some."""
_LONGEST_SUBJECT = 100
_log = logging.getLogger(__name__)


def look(
    assets: Iterable[Asset], *, services: Services, since_last_look: timedelta = timedelta(0)
) -> tuple[AssetAge, ...]:
    """Return how old the assets with a freshness policy are, as the history on S3 says."""
    watched = [asset for asset in assets if asset.freshness is not None]
    newest = {
        asset.name: max(publications(asset.name, services=services).values(), default=None)
        for asset in watched
    }
    published = {name: at for name, at in newest.items() if at is not None}
    return ages(watched, published, services.now(), since_last_look=since_last_look)


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


def tell(found: Sequence[AssetAge], *, environment: str, topic_arn: str, services: Services) -> int:
    """Tell a topic of the assets that have become late or ageing since the last look; return how many."""
    turned = [each for each in found if each.has_turned]
    if turned:
        names = ", ".join(each.asset for each in turned)
        services.client("sns").publish(
            TopicArn=topic_arn,
            Subject=f"{environment}: late assets: {names}"[:_LONGEST_SUBJECT],
            Message="\n".join(each.sentence for each in turned),
        )
    return len(turned)


def freshness(
    dag_id: str,
    assets: Sequence[Asset],
    *,
    every: timedelta = timedelta(minutes=5),
    topic: str | None = TOPIC,
    **arguments: Any,  # noqa: ANN401 - of DAG
) -> Any:  # noqa: ANN401 - an airflow.sdk.DAG
    """Return a DAG that looks whether assets are late.

    Args:
        dag_id: of the DAG.
        assets: those that have a freshness policy are looked at.
        every: how long between two looks; an alarm judges five minutes at a time.
        topic: ARN of the topic that is told when an asset becomes late, `{option}` standing for an option;
            None leaves it to the alarm.
        arguments: further arguments of `DAG`.
    """
    from datetime import UTC, datetime

    from airflow.sdk import DAG, task

    usual = {
        "description": "Looks whether assets are late",
        "start_date": datetime(2024, 1, 1, tzinfo=UTC),
        "catchup": False,
        "max_active_runs": 1,
    }
    with DAG(dag_id, schedule=every, **{**usual, **arguments}) as dag:

        @task(task_id="look", retries=1)
        def look_at_all() -> list[str]:
            """Write the metrics and tell of what has become late; return the sentences of what is."""
            from typed_assets.building.services import airflow_services

            services, environment = airflow_services(), os.environ.get("AIRFLOW_ENV_NAME", "airflow")
            found = look(assets, services=services, since_last_look=every)
            measure(found, environment=environment, services=services)
            if topic is not None:
                arn = filled(topic, services.options)
                tell(found, environment=environment, topic_arn=arn, services=services)
            late = [each.sentence for each in found if each.is_late]
            for sentence in late:
                _log.warning(sentence)
            _log.info("ages: %s", json.dumps({each.asset: str(each.state) for each in found}))
            return late

        look_at_all()
    return dag
