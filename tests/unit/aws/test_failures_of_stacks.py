from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from mwaactl.aws.cloudformation import Stacks
from mwaactl.errors import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Iterator

SINCE = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stacks, Stubber]]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    client = boto3.client("cloudformation", region_name="us-east-1")
    with Stubber(client) as answers:
        yield Stacks(client), answers
        answers.assert_no_pending_responses()


def event(seconds: int, resource: str, status: str, reason: str | None = None) -> dict[str, Any]:
    said = {"ResourceStatusReason": reason} if reason else {}
    return {
        "StackId": "arn",
        "EventId": str(seconds),
        "StackName": "flights-local-network",
        "Timestamp": SINCE + timedelta(seconds=seconds),
        "LogicalResourceId": resource,
        "ResourceStatus": status,
        **said,
    }


def test_the_first_cause_comes_first_and_neither_echoes_nor_the_past_are_told(
    service: tuple[Stacks, Stubber],
) -> None:
    stacks, answers = service
    newest = [
        event(9, "Subnet", "CREATE_FAILED", "Resource creation cancelled"),
        event(8, "Gateway", "CREATE_FAILED", "no more addresses"),
        event(7, "Vpc", "CREATE_COMPLETE"),
    ]
    older = [
        event(6, "Vpc", "CREATE_FAILED", "no more VPCs"),
        event(-1, "Vpc", "CREATE_FAILED", "an earlier attempt"),
    ]
    asked = {"StackName": "flights-local-network"}
    answers.add_response("describe_stack_events", {"StackEvents": newest, "NextToken": "2"}, asked)
    answers.add_response("describe_stack_events", {"StackEvents": older}, {**asked, "NextToken": "2"})

    assert stacks.failures("flights-local-network", SINCE) == (
        "Vpc: no more VPCs",
        "Gateway: no more addresses",
    )


def test_a_stack_that_never_came_to_be_has_no_failures(service: tuple[Stacks, Stubber]) -> None:
    stacks, answers = service
    message = "Stack [flights-local-network] does not exist"
    answers.add_client_error("describe_stack_events", "ValidationError", message)

    assert stacks.failures("flights-local-network", SINCE) == ()


def test_other_errors_are_not_taken_for_an_absent_stack(service: tuple[Stacks, Stubber]) -> None:
    stacks, answers = service
    answers.add_client_error("describe_stack_events", "AccessDenied", "not you")

    with pytest.raises(AccessDenied):
        stacks.failures("flights-local-network", SINCE)
