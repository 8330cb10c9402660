"""Late assets, from the history on S3 to the metric, the alarm and the message, over the wire."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.constructs.environment_alarms import dimensions_of, namespace_of
from mwaactl.catalog.alarms import alarms
from tests.fakes.moto_account import MotoAccount
from typed_assets.notifying.late import LookRun
from typed_assets.notifying.message import Message
from typed_assets.notifying.sending import NotSentError, send_to_sns
from typed_assets.scheduling.freshness import NAMESPACE, look, measure, named, tell
from typed_assets.services import Services
from typed_assets.spec.assets import Asset, FreshnessPolicy
from typed_assets.spec.history import record_key
from typed_assets.spec.publication import Record

type Evaluate = Callable[..., None]

POLICY = FreshnessPolicy(within=timedelta(hours=1))
ASSETS = tuple(Asset(name=name, uri=f"s3://lake/{name}/", freshness=POLICY) for name in ("hourly", "refused"))
LOOK = LookRun(
    dag_id="freshness",
    run_id="scheduled__1",
    task_id="look",
    environment="flights-prod",
    base_url="https://airflow.example/",
)


def test_a_late_asset_is_measured_alarmed_and_told(
    account: MotoAccount, cloudwatch: Any, evaluate: Evaluate
) -> None:
    now = datetime.now(UTC)
    s3, sns, sqs = (account.client(name) for name in ("s3", "sns", "sqs"))
    s3.create_bucket(Bucket="lake")
    topic = sns.create_topic(Name="late")["TopicArn"]
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    listener = "arn:aws:sqs:us-east-1:123456789012:told"
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=listener, Attributes=raw)
    later = now + timedelta(minutes=62, seconds=30)
    services = Services(client=account.client, options={"data_bucket": "lake"}, now=lambda: later)
    for name, age, published in (("hourly", 5, True), ("refused", 200, True), ("refused", -60, False)):
        at = (now - timedelta(minutes=age)).isoformat()
        record = Record(
            asset=name, published=published, at=at, dag_id="d", run_id="r", task_id="t", partition=None
        )
        s3.put_object(Bucket="lake", Key=record_key(record), Body=b"{}")
    put_alarm(cloudwatch)

    def to_topic(message: Message) -> None:
        send_to_sns(sns, topic, message)

    found = look(ASSETS, services=services)
    measure(found, environment="e", services=services)
    told = [
        [each.asset for each in tell(looked, LOOK, {"topic": to_topic}, services=services)]
        for looked in (found[:1], found, found)
    ]
    evaluate(1)

    assert [(each.asset, each.is_late) for each in found] == [("hourly", True), ("refused", True)]
    assert told == [["hourly"], ["refused"], []]
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert messages[0]["Body"].replace(f"{found[0].at:%Y-%m-%d %H:%M}", "THEN") == (
        "flights-prod: hourly is late\n"
        "- freshness: `hourly` was published 1 hour 2 minutes ago; every 1 hour it should be; "
        "the last time was THEN UTC\n"
        "\n"
        "DAG freshness, run scheduled__1, task look\n"
        "https://airflow.example/asset-catalogue/#/asset/hourly"
    )
    assert len(messages) == 2
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"
    ages = cloudwatch.list_metrics(Namespace=NAMESPACE, MetricName="AssetAge")["Metrics"]
    names = {pair["Value"] for each in ages for pair in each["Dimensions"] if pair["Name"] == "Asset"}
    assert names == {"hourly", "refused"}


def test_who_could_not_be_told_is_told_at_the_next_look_and_nobody_twice(account: MotoAccount) -> None:
    account.client("s3").create_bucket(Bucket="lake")
    services = Services(client=account.client, options={"data_bucket": "lake"})
    slack, topic = list[Message](), list[Message]()
    found = look(ASSETS, services=services)

    with pytest.raises(NotSentError):
        tell(found[:1], LOOK, {"topic": refusing, "slack": slack.append}, services=services)
    told = [
        tell(found, LOOK, {"topic": topic.append, "slack": slack.append}, services=services) for _ in range(2)
    ]

    assert told == [found, ()]
    assert [message.subject for message in topic] == ["flights-prod: 2 assets are late: hourly, refused"]
    assert [message.subject for message in slack] == [
        "flights-prod: hourly is late",
        "flights-prod: refused is late",
    ]
    (message,) = topic
    assert message.findings[0] == "freshness: `hourly` has never been published; every 1 hour it should be"
    assert (message.asset, message.link) == (None, "https://airflow.example/asset-catalogue/")


def test_each_notifier_has_a_name_that_others_do_not_change() -> None:
    first, second, other = Posting(), Posting(), Mailing()

    assert named([first, other, second]) == {
        "Posting.1": first.send,
        "Mailing.1": other.send,
        "Posting.2": second.send,
    }


class Posting:
    def send(self, message: Message) -> None:
        refusing(message)


class Mailing(Posting):
    pass


def refusing(message: Message) -> None:
    problem = f"nobody takes {message.subject}"
    raise NotSentError(problem)


def test_published_again_it_is_fresh(account: MotoAccount) -> None:
    now = datetime.now(UTC)
    account.client("s3").create_bucket(Bucket="lake")
    later = now + timedelta(minutes=5, seconds=30)
    services = Services(client=account.client, options={"data_bucket": "lake"}, now=lambda: later)
    record = Record(asset="hourly", published=True, at="", dag_id="d", run_id="r", task_id="t")
    for minutes in (120, 5):
        key = record_key(replace(record, at=(now - timedelta(minutes=minutes)).isoformat()))
        account.client("s3").put_object(Bucket="lake", Key=key, Body=b"{}")

    found = look(ASSETS[:1], services=services)

    (age,) = found
    assert age.age is not None
    assert (age.age // timedelta(minutes=1), age.is_late) == (5, False)


def put_alarm(cloudwatch: Any) -> None:
    """Put the alarm of the catalogue as the observability stack has it."""
    facts = alarms()["late_assets"]
    (metric,) = facts.metrics
    cloudwatch.put_metric_alarm(
        AlarmName="late",
        Namespace=namespace_of(metric, "e"),
        MetricName=metric.name,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions_of(metric, "e").items()],
        Statistic=facts.statistic,
        Period=60,
        EvaluationPeriods=facts.periods,
        Threshold=facts.thresholds["mw1.small"],
        ComparisonOperator=facts.comparison,
        TreatMissingData=facts.missing,
    )
