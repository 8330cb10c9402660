"""Lines of a log stream, which CloudWatch gives in pages that may be empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from mwaactl.aws.logs import LogGroups

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED = {"logGroupName": "group", "logStreamName": "stream", "limit": 1000, "startFromHead": False}


@pytest.fixture
def logs() -> Iterator[tuple[LogGroups, Stubber]]:
    client = boto3.client(
        "logs", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    with Stubber(client) as stubber:
        yield LogGroups(client), stubber
        stubber.assert_no_pending_responses()


def page(token: str, *messages: str) -> dict[str, Any]:
    events = [{"timestamp": 1, "ingestionTime": 1, "message": message} for message in messages]
    return {"events": events, "nextBackwardToken": token, "nextForwardToken": "f/1"}


def test_an_empty_page_is_not_the_end_while_its_token_is_new(logs: tuple[LogGroups, Stubber]) -> None:
    groups, stubber = logs
    stubber.add_response("get_log_events", page("b/1"), ASKED)
    stubber.add_response("get_log_events", page("b/2"), {**ASKED, "nextToken": "b/1"})
    stubber.add_response("get_log_events", page("b/3", "one\ntwo", "three"), {**ASKED, "nextToken": "b/2"})

    assert groups.lines("group", "stream") == ("one", "two", "three")


def test_a_token_that_comes_again_is_the_end(logs: tuple[LogGroups, Stubber]) -> None:
    groups, stubber = logs
    stubber.add_response("get_log_events", page("b/1"), ASKED)
    stubber.add_response("get_log_events", page("b/1"), {**ASKED, "nextToken": "b/1"})

    assert groups.lines("group", "stream") == ()


def test_a_stream_that_does_not_exist_has_no_lines(logs: tuple[LogGroups, Stubber]) -> None:
    groups, stubber = logs
    stubber.add_client_error("get_log_events", "ResourceNotFoundException", http_status_code=400)

    assert groups.lines("group", "stream") == ()
