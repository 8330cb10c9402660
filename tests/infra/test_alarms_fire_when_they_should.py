"""Every alarm of the template, shown the series of `alarm_series.txt` and evaluated as CloudWatch does."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.logs.models import LogsBackend, logs_backends

from infra.constructs.environment_alarms import alarm_name
from mwaactl.catalog.alarms import alarms
from mwaactl.emulator.log_metrics import models as log_metrics
from mwaactl.emulator.metrics import models
from tests.fakes.moto_account import MotoAccount
from tests.infra.templates import SynthesisedEnvironment, only, properties, resources

CASES = ("fires", "quiet", "missing", "boundary", "short")
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"
ACTIONS = ("AlarmActions", "OKActions")


@dataclass(frozen=True, slots=True)
class Case:
    state: str
    series: dict[str, list[float | None]]


def read_cases() -> dict[tuple[str, str], Case]:
    lines = (Path(__file__).parent / "alarm_series.txt").read_text().splitlines()
    found = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            alarm, case, state, series = (part.strip() for part in line.split("|"))
            pairs = (part.split(":") for part in series.split(";"))
            found[alarm, case] = Case(state, {name.strip(): values(text) for name, text in pairs})
    return found


def values(text: str) -> list[float | None]:
    return [None if each == "-" else float(each) for each in text.split()]


SERIES = read_cases()


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MotoAccount]:
    account = MotoAccount(tmp_path_factory.mktemp("alarms"))
    models.install()
    log_metrics.install()
    yield account
    cloudwatch_backends.backend = CloudWatchBackend
    logs_backends.backend = LogsBackend
    account.close()


@pytest.fixture(scope="module")
def templates(local: SynthesisedEnvironment) -> dict[str, dict[str, Any]]:
    """Alarm of the catalogue to its properties in the template."""
    names = {alarm_name("flights-local", name): name for name in alarms()}
    found = properties(local.observability, "AWS::CloudWatch::Alarm")
    return {names[each["AlarmName"]]: each for each in found}


def watched(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """Namespace, name and dimensions of what an alarm watches, with the length of its periods."""
    if "Metrics" not in alarm:
        return [{**alarm, "Dimensions": alarm.get("Dimensions", [])}]
    stats = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]
    return [{**stat["Metric"], "Period": stat["Period"]} for stat in stats]


def put(backend: Any, metric: dict[str, Any], points: list[float | None], now: float) -> None:
    period = metric["Period"]
    end = now - now % period
    data = [
        {
            "MetricName": metric["MetricName"],
            "Dimensions": metric["Dimensions"],
            "Value": value,
            "Timestamp": datetime.fromtimestamp(end - period * age + 1, UTC),
        }
        for age, value in zip(range(len(points), 0, -1), points, strict=True)
        if value is not None
    ]
    if data:
        backend.put_metric_data(metric["Namespace"], data)


def test_no_alarm_is_without_its_series(templates: dict[str, dict[str, Any]]) -> None:
    assert set(SERIES) == {(alarm, case) for alarm in templates for case in CASES}
    for (alarm, case), shown in SERIES.items():
        names = {metric["MetricName"] for metric in watched(templates[alarm])}
        lengths = {len(points) for points in shown.series.values()}
        assert set(shown.series) == names, (alarm, case)
        assert lengths == {templates[alarm]["EvaluationPeriods"] + 2}, (alarm, case)


@pytest.mark.parametrize("case", CASES)
def test_alarms_are_in_the_state_that_the_series_asks_for(
    account: MotoAccount, templates: dict[str, dict[str, Any]], case: str
) -> None:
    client, expected = account.client("cloudwatch"), {}
    backend: Any = cloudwatch_backends["123456789012"]["us-east-1"]
    backend.values.clear()
    now = datetime.now(UTC)
    for name, alarm in templates.items():
        shown, label = SERIES[name, case], f"{name}-{case}"
        # Every alarm is somewhere else before, so that none is where it should be by chance.
        before = "ALARM" if shown.state == "OK" else "OK"
        client.put_metric_alarm(**alarm | {each: [TOPIC] for each in ACTIONS} | {"AlarmName": label})
        client.set_alarm_state(AlarmName=label, StateValue=before, StateReason="the test begins")
        for metric in watched(alarm):
            put(backend, metric, shown.series[metric["MetricName"]], now.timestamp())
        expected[label] = shown.state

    backend.evaluate_alarms(now)

    answer = client.describe_alarms(AlarmNames=[*expected])["MetricAlarms"]
    assert {each["AlarmName"]: each["StateValue"] for each in answer} == expected
    client.delete_alarms(AlarmNames=[*expected])


def filled(value: Any, known: dict[str, str]) -> Any:
    """A part of a template with the references to what is known."""
    match value:
        case {"Ref": str(name)}:
            return known[name]
        case dict():
            return {key: filled(each, known) for key, each in value.items()}
        case list():
            return [filled(each, known) for each in value]
        case _:
            return value


def topic_with_a_listener(account: MotoAccount, local: SynthesisedEnvironment, name: str) -> tuple[str, str]:
    """The template's topic with its policy and its key's, and the queue that hears of it."""
    known = {"AWS::AccountId": "123456789012", "AWS::Partition": "aws"}
    key_policy = filled(only(local.storage, "AWS::KMS::Key")["KeyPolicy"], known)
    key = account.client("kms").create_key(Policy=json.dumps(key_policy))["KeyMetadata"]["Arn"]
    sns, sqs = account.client("sns"), account.client("sqs")
    arn = sns.create_topic(Name=name, Attributes={"KmsMasterKeyId": key})["TopicArn"]
    (logical_id,) = (
        each
        for each, topic in resources(local.observability, "AWS::SNS::Topic").items()
        if topic["Properties"]["TopicName"] == name
    )
    (policy,) = (
        each["PolicyDocument"]
        for each in properties(local.observability, "AWS::SNS::TopicPolicy")
        if each["Topics"] == [{"Ref": logical_id}]
    )
    document = json.dumps(filled(policy, {**known, logical_id: arn}))
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=document)
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    listener = f"arn:aws:sqs:us-east-1:123456789012:{name}"
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=listener, Attributes={"RawMessageDelivery": "true"})
    return arn, queue


def test_failed_installation_in_a_log_pages_somebody(
    account: MotoAccount, local: SynthesisedEnvironment, templates: dict[str, dict[str, Any]]
) -> None:
    """Log line, filter, metric, alarm, key, topic, listener: the whole way, with the template's own parts."""
    logs, cloudwatch, sqs = (account.client(name) for name in ("logs", "cloudwatch", "sqs"))
    topic, queue = topic_with_a_listener(account, local, "flights-local-page")
    group = "airflow-flights-local-Worker"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="requirements_install_host_1.log")
    (counted,) = (
        each
        for each in properties(local.observability, "AWS::Logs::MetricFilter")
        if each["LogGroupName"] == group
    )
    (made,) = counted["MetricTransformations"]
    logs.put_metric_filter(
        logGroupName=group,
        filterName=counted["FilterName"],
        filterPattern=counted["FilterPattern"],
        metricTransformations=[{f"{name[0].lower()}{name[1:]}": value for name, value in made.items()}],
    )
    alarm = templates["requirements_failed"]
    cloudwatch.put_metric_alarm(**alarm | {each: [topic] for each in ACTIONS})
    lines = (
        "[INFO] - Collecting pandas",
        "[INFO] - ERROR: pip installation exited with a non-zero error code",
    )
    earlier = int((time.time() - alarm["Period"]) * 1000)
    events = [{"timestamp": earlier, "message": line} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName="requirements_install_host_1.log", logEvents=events)

    backend: Any = cloudwatch_backends["123456789012"]["us-east-1"]
    backend.evaluate_alarms(datetime.now(UTC))

    answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)
    (message,) = (json.loads(each["Body"]) for each in answer.get("Messages", ()))
    assert (message["AlarmName"], message["NewStateValue"]) == ("flights-local-requirements-failed", "ALARM")
    assert message["AlarmDescription"].startswith("pip failed, so a component runs without the packages")
