"""Rules over the wire: whom they tell, what they say, and when they are silent; also after a restart."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.events.models import EventsBackend, events_backends
from moto.logs.models import LogsBackend, logs_backends

from mwaactl.emulator.event_bus import models as event_bus
from mwaactl.emulator.event_bus.emission import emit
from mwaactl.emulator.log_metrics import models as log_metrics
from tests.fakes.moto_account import MotoAccount

ACCOUNT, REGION = "123456789012", "us-east-1"
PATTERN = json.dumps({"source": ["mine"]})


@pytest.fixture
def account(tmp_path: Path) -> Iterator[MotoAccount]:
    account = MotoAccount(tmp_path)
    event_bus.install()
    log_metrics.install()
    yield account
    events_backends.backend = EventsBackend
    logs_backends.backend = LogsBackend
    account.close()


def queue(account: MotoAccount, name: str, *, open_to_events: bool = True) -> dict[str, str]:
    """A queue as a rule's target."""
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    statement = {
        "Effect": "Allow" if open_to_events else "Deny",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return {"Id": name, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"}


def told(account: MotoAccount, name: str, wait: int = 5) -> list[str]:
    sqs = account.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10)
    return [each["Body"] for each in answer.get("Messages", ())]


def send(account: MotoAccount, source: str = "mine") -> None:
    entry = {"Source": source, "DetailType": "Kind", "Detail": '{"n": 1}'}
    assert account.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0


def test_rule_tells_its_targets_what_each_is_to_hear(account: MotoAccount) -> None:
    events = account.client("events")
    whole, fixed, made = (queue(account, name) for name in ("whole", "fixed", "made"))
    fixed["Input"] = '{"fixed": true}'
    transformer = {"InputPathsMap": {"number": "$.detail.n"}, "InputTemplate": '{"number": <number>}'}
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[whole, fixed, {**made, "InputTransformer": transformer}])

    send(account)
    send(account, "other")

    (event,) = (json.loads(each) for each in told(account, "whole"))
    assert (event["source"], event["detail-type"], event["detail"]) == ("mine", "Kind", {"n": 1})
    assert (event["account"], event["region"]) == (ACCOUNT, REGION)
    assert event["time"].endswith("Z")
    assert told(account, "fixed") == ['{"fixed": true}']
    assert [json.loads(each) for each in told(account, "made")] == [{"number": 1}]


def test_rule_is_silent_when_disabled_scheduled_or_not_let(account: MotoAccount) -> None:
    events = account.client("events")
    events.put_rule(Name="disabled", EventPattern=PATTERN, State="DISABLED")
    events.put_rule(Name="scheduled", ScheduleExpression="rate(1 minute)")
    events.put_rule(Name="barred", EventPattern=PATTERN)
    events.put_rule(Name="heard", EventPattern=PATTERN)
    for name in ("disabled", "scheduled", "heard"):
        events.put_targets(Rule=name, Targets=[queue(account, name)])
    events.put_targets(Rule="barred", Targets=[queue(account, "barred", open_to_events=False)])

    send(account)

    assert len(told(account, "heard")) == 1
    assert [told(account, name, wait=0) for name in ("disabled", "scheduled", "barred")] == [[], [], []]


def test_target_that_is_not_modelled_is_refused(account: MotoAccount) -> None:
    events = account.client("events")
    events.put_rule(Name="rule", EventPattern=PATTERN)

    with pytest.raises(ClientError, match="The emulator does not model InputPath of a target"):
        events.put_targets(Rule="rule", Targets=[{**queue(account, "q"), "InputPath": "$.detail"}])


def test_services_speak_to_their_own_account_and_region_only(account: MotoAccount) -> None:
    events = account.client("events")
    events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["aws.mine"]}))
    events.put_targets(Rule="rule", Targets=[queue(account, "q")])

    emit("999999999999", REGION, "aws.mine", "Kind", {}, "arn:other-account")
    emit(ACCOUNT, "eu-west-1", "aws.mine", "Kind", {}, "arn:other-region")
    emit(ACCOUNT, REGION, "aws.mine", "Kind", {"a": 1}, "arn:here")

    assert [json.loads(each)["resources"] for each in told(account, "q")] == [["arn:here"]]


def test_rules_and_filters_go_on_after_a_restart(account: MotoAccount) -> None:
    events, logs = account.client("events"), account.client("logs")
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[queue(account, "q")])
    logs.create_log_group(logGroupName="g")
    made = [{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}]
    for pattern in ("x", "y"):
        logs.put_metric_filter(
            logGroupName="g", filterName="f", filterPattern=pattern, metricTransformations=made
        )

    account.restart()
    send(account)

    filters: list[dict[str, Any]] = logs.describe_metric_filters(logGroupName="g")["metricFilters"]
    assert [each["filterPattern"] for each in filters] == ["y"]
    assert isinstance(logs_backends[ACCOUNT][REGION], log_metrics.CountingLogsBackend)
    assert len(told(account, "q")) == 1
