"""What the stack that watches an environment promises."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack, Validations
from aws_cdk import aws_kms as kms
from cdk_nag import AwsSolutionsChecks
from moto.events.models import EventPattern

from infra.app import new_app
from infra.constructs.alarm_topics import AlarmTopics
from infra.constructs.environment_alarms import EnvironmentAlarms
from infra.constructs.environment_dashboard import EnvironmentDashboard
from infra.constructs.environment_events import FAILED_STATUSES, EnvironmentEvents
from infra.stacks.observability import ObservabilityStack
from mwaactl.catalog.alarms import alarms
from mwaactl.config.environment import AlarmsConfig, BudgetConfig, EnvironmentConfig
from tests.infra.conftest import configured
from tests.infra.templates import SynthesisedEnvironment, key_import, properties, resources, statements

SERVICES = {"cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"}


def alone(config: EnvironmentConfig, outdir: Path) -> SynthesisedEnvironment:
    """The stack without those that it watches, in a fraction of the time; cdk-nag looks all the same."""
    app = new_app(outdir)
    keys = Stack(app, "keys", env=Environment(account=config.account, region=config.region))
    key = kms.Key(keys, "Key", enable_key_rotation=True)
    ObservabilityStack(app, config=config, key=key)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()
    return SynthesisedEnvironment(config, outdir)


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    """An environment whose configuration says everything that can be said."""
    config = dataclasses.replace(
        configured("prod"),
        alarms=AlarmsConfig(
            page_emails=("night@example.com",),
            warn_emails=("day@example.com", "data@example.com", "day@example.com"),
            thresholds={"worker_cpu": 70.5},
        ),
        budget=BudgetConfig(900, ("money@example.com",), "stage"),
        airflow_config_options={"dag_processor.min_file_process_interval": "120"},
        log_levels={"Task": "INFO", "Scheduler": "ERROR"},
    )
    return alone(config, tmp_path_factory.mktemp("chosen"))


@pytest.fixture(scope="module")
def unwatched(tmp_path_factory: pytest.TempPathFactory) -> SynthesisedEnvironment:
    config = dataclasses.replace(configured("dev"), alarms=AlarmsConfig(enabled=False))
    return alone(config, tmp_path_factory.mktemp("unwatched"))


def thresholds(environment: SynthesisedEnvironment) -> dict[str, float]:
    prefix = f"{environment.config.names.environment_name}-"
    found = properties(environment.observability, "AWS::CloudWatch::Alarm")
    return {each["AlarmName"].removeprefix(prefix): each["Threshold"] for each in found}


def topic(environment: SynthesisedEnvironment, name: str) -> str:
    found = resources(environment.observability, "AWS::SNS::Topic").items()
    full = f"{environment.config.names.prefix}-{name}"
    (logical_id,) = (each for each, topic in found if topic["Properties"]["TopicName"] == full)
    return logical_id


def test_every_alarm_tells_the_topic_of_its_severity_when_it_fires_and_when_it_is_over(
    dev: SynthesisedEnvironment,
) -> None:
    found = properties(dev.observability, "AWS::CloudWatch::Alarm")
    expected = {
        f"flights-dev-{name.replace('_', '-')}": [{"Ref": topic(dev, facts.severity)}]
        for name, facts in alarms().items()
    }

    assert {each["AlarmName"]: each["AlarmActions"] for each in found} == expected
    assert {each["AlarmName"]: each["OKActions"] for each in found} == expected
    assert {facts.severity for facts in alarms().values()} == {"page", "warn"}


def test_thresholds_follow_from_the_class(dev: SynthesisedEnvironment, prod: SynthesisedEnvironment) -> None:
    small, medium = thresholds(dev), thresholds(prod)
    differing = {name: (small[name], medium[name]) for name in small if small[name] != medium[name]}

    assert (dev.config.environment_class, prod.config.environment_class) == ("mw1.small", "mw1.medium")
    assert differing == {"failed-tasks": (5, 10), "database-connections": (320, 720)}


def test_configuration_stands_over_the_catalogue(
    prod: SynthesisedEnvironment, chosen: SynthesisedEnvironment
) -> None:
    usual, own = thresholds(prod), thresholds(chosen)

    assert {name: own[name] for name in own if own[name] != usual[name]} == {
        "worker-cpu": 70.5,
        "parse-time": 120,
    }


def test_topics_are_encrypted_and_take_messages_over_tls_of_three_services_only(
    dev: SynthesisedEnvironment,
) -> None:
    topics = properties(dev.observability, "AWS::SNS::Topic")
    policies = properties(dev.observability, "AWS::SNS::TopicPolicy")

    assert [each["KmsMasterKeyId"] for each in topics] == [key_import(dev)] * 2
    assert len(policies) == 2
    for policy in policies:
        found = statements(policy["PolicyDocument"])
        denied = found.pop("AllowPublishThroughSSLOnly")
        assert (denied["Effect"], denied["Action"]) == ("Deny", ["sns:Publish"])
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert {each["Principal"]["Service"] for each in found.values()} == SERVICES
        assert {(each["Effect"], *each["Action"]) for each in found.values()} == {("Allow", "sns:Publish")}


def test_key_lets_the_services_that_publish_use_it(dev: SynthesisedEnvironment) -> None:
    (key,) = properties(dev.storage, "AWS::KMS::Key")
    found = [each for each in key["KeyPolicy"]["Statement"] if each.get("Principal", {}).get("Service")]
    allowed = {each["Principal"]["Service"]: each["Action"] for each in found}

    needed = ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert {name: allowed[name] for name in SERVICES} == dict.fromkeys(SERVICES, needed)


def test_subscribers_are_those_of_the_configuration(
    dev: SynthesisedEnvironment, chosen: SynthesisedEnvironment
) -> None:
    found = properties(chosen.observability, "AWS::SNS::Subscription")
    told = {(each["TopicArn"]["Ref"], each["Protocol"], each["Endpoint"]) for each in found}

    assert told == {
        (topic(chosen, "page"), "email", "night@example.com"),
        (topic(chosen, "warn"), "email", "day@example.com"),
        (topic(chosen, "warn"), "email", "data@example.com"),
    }
    assert properties(dev.observability, "AWS::SNS::Subscription") == []


def test_failed_installations_are_counted_in_the_groups_that_are_there(
    dev: SynthesisedEnvironment, chosen: SynthesisedEnvironment
) -> None:
    filters = properties(dev.observability, "AWS::Logs::MetricFilter")
    (alarm,) = (
        each
        for each in properties(dev.observability, "AWS::CloudWatch::Alarm")
        if each["AlarmName"].endswith("requirements-failed")
    )

    assert {each["LogGroupName"] for each in filters} == {
        f"airflow-flights-dev-{kind}" for kind in ("Scheduler", "WebServer", "Worker")
    }
    for each in filters:
        (made,) = each["MetricTransformations"]
        assert (made["MetricNamespace"], made["MetricName"]) == (alarm["Namespace"], alarm["MetricName"])
        assert each["FilterPattern"] == '"pip installation exited with a non-zero error code"'
    assert [each["LogGroupName"] for each in properties(chosen.observability, "AWS::Logs::MetricFilter")] == [
        "airflow-flights-prod-Scheduler"
    ]


def rule(environment: SynthesisedEnvironment, name: str) -> tuple[EventPattern, str]:
    """A rule's pattern, and the topic that it tells."""
    found = properties(environment.observability, "AWS::Events::Rule")
    (one,) = (each for each in found if each["Name"] == f"flights-dev-{name}")
    (target,) = one["Targets"]
    return EventPattern.load(json.dumps(one["EventPattern"])), target["Arn"]["Ref"]


def stack_event(stack: str, status: str) -> Any:
    arn = f"arn:aws:cloudformation:eu-west-1:111122223333:stack/{stack}/0a1b2c3d-1234-11f0-9999-0a1b2c3d4e5f"
    detail = {"stack-id": arn, "status-details": {"status": status, "status-reason": ""}}
    return {
        "source": "aws.cloudformation",
        "detail-type": "CloudFormation Stack Status Change",
        "detail": detail,
    }


def test_failed_change_of_the_environment_pages(dev: SynthesisedEnvironment) -> None:
    pattern, told = rule(dev, "failed-change")
    well = ("CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "DELETE_COMPLETE")

    assert told == topic(dev, "page")
    assert len(FAILED_STATUSES) == 7
    for status in FAILED_STATUSES:
        assert pattern.matches_event(stack_event("flights-dev-environment", status))
        assert not pattern.matches_event(stack_event("flights-dev-environment2", status))
        assert not pattern.matches_event(stack_event("flights-dev-network", status))
    for status in well:
        assert not pattern.matches_event(stack_event("flights-dev-environment", status))


def test_status_of_environments_is_a_warning(dev: SynthesisedEnvironment) -> None:
    pattern, told = rule(dev, "status")
    event: Any = {"source": "aws.airflow", "detail-type": "MWAA Environment Status Change", "detail": {}}

    assert told == topic(dev, "warn")
    assert pattern.matches_event(event)
    event["detail-type"] = "AWS API Call via CloudTrail"
    assert not pattern.matches_event(event)


def test_budget_warns_of_what_is_spent_and_of_what_is_forecast(chosen: SynthesisedEnvironment) -> None:
    (budget,) = properties(chosen.observability, "AWS::Budgets::Budget")
    notifications = budget["NotificationsWithSubscribers"]

    assert budget["Budget"] == {
        "BudgetName": "flights-prod",
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": 900, "Unit": "USD"},
        "CostFilters": {"TagKeyValue": ["user:stage$prod"]},
    }
    assert [each["Notification"]["NotificationType"] for each in notifications] == ["ACTUAL", "FORECASTED"]
    for each in notifications:
        assert each["Subscribers"] == [
            {"SubscriptionType": "SNS", "Address": {"Ref": topic(chosen, "warn")}},
            {"SubscriptionType": "EMAIL", "Address": "money@example.com"},
        ]


def test_there_is_no_budget_where_nobody_named_an_amount(dev: SynthesisedEnvironment) -> None:
    assert properties(dev.observability, "AWS::Budgets::Budget") == []


def test_alarms_that_are_switched_off_leave_the_dashboard(unwatched: SynthesisedEnvironment) -> None:
    kinds = {each["Type"] for each in unwatched.observability["Resources"].values()}

    assert kinds == {"AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::CloudWatch::Dashboard"}


def widgets(environment: SynthesisedEnvironment) -> list[dict[str, Any]]:
    (dashboard,) = properties(environment.observability, "AWS::CloudWatch::Dashboard")
    assert dashboard["DashboardName"] == environment.config.names.environment_name
    found: list[dict[str, Any]] = json.loads(dashboard["DashboardBody"])["widgets"]
    return found


def test_dashboard_shows_alarms_first_and_errors_last(dev: SynthesisedEnvironment) -> None:
    first, *graphs, last = widgets(dev)

    assert first["type"] == "alarm"
    assert first["properties"]["alarms"] == [
        f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:flights-dev-{name.replace('_', '-')}"
        for name in alarms()
    ]
    assert {each["type"] for each in graphs} == {"metric"}
    assert last["type"] == "log"
    assert last["properties"]["query"].count("SOURCE 'airflow-flights-dev-") == 5


def test_widgets_fill_the_width_and_do_not_overlap(dev: SynthesisedEnvironment) -> None:
    taken = [
        (column, row)
        for each in widgets(dev)
        for column in range(each["x"], each["x"] + each["width"])
        for row in range(each["y"], each["y"] + each["height"])
    ]

    assert len(set(taken)) == len(taken) == 24 * (max(row for _, row in taken) + 1)


def test_dashboard_draws_every_metric_that_an_alarm_watches(dev: SynthesisedEnvironment) -> None:
    drawn = {
        line[1] for each in widgets(dev) if each["type"] == "metric" for line in each["properties"]["metrics"]
    }
    watched = {metric.name for facts in alarms().values() for metric in facts.metrics}

    assert watched - drawn == {"RequirementsFailures"}


def test_constructs_stand_alone_in_an_app_of_others(tmp_path: Path) -> None:
    """Plain values and a key are all that they need; neither account nor region has to be known."""
    app = App(outdir=str(tmp_path), analytics_reporting=False)
    stack = Stack(app, "theirs", env=Environment())
    topics = AlarmTopics(stack, "Topics", name="theirs", key=kms.Key(stack, "Key"))
    watched = EnvironmentAlarms(
        stack,
        "Alarms",
        environment_name="airflow",
        environment_class="mw1.2xlarge",
        page=topics.page,
        warn=topics.warn,
    )
    EnvironmentEvents(
        stack, "Events", environment_name="airflow", stack_name="mwaa", page=topics.page, warn=topics.warn
    )
    EnvironmentDashboard(
        stack, "Dashboard", environment_name="airflow", alarm_names=[*watched.names.values()]
    )
    app.synth()

    template = json.loads((tmp_path / "theirs.template.json").read_text())
    assert len(properties(template, "AWS::CloudWatch::Alarm")) == len(alarms())
    (key,) = properties(template, "AWS::KMS::Key")
    assert {each.get("Sid") for each in key["KeyPolicy"]["Statement"]} >= {"Alarms", "EventRules", "Budgets"}
