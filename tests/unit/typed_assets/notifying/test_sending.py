from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.fakes.loopback_server import serving
from tests.fakes.mail_server import mail_server
from typed_assets import CheckResult
from typed_assets.notifying.message import Message
from typed_assets.notifying.sending import (
    MailServer,
    NotSentError,
    send_mail,
    send_to_slack,
    send_to_sns,
    slack_body,
)

CHECK = CheckResult(name="delay.range", passed=False, violations=2, observed="<b>", expected="at most 1 & 2")
MESSAGE = Message(
    dag_id="flights",
    run_id="manual__1",
    task_id="lake__flights.check",
    link="https://airflow.example/dags/flights",
    asset="lake.flights",
    partition="2013-01-31",
    checks=(CHECK,),
)
SECRET = "not-a-real-password"
NO_WEBHOOK = "the Slack webhook is no address of http; it is the password of the connection"


def test_slack_gets_text_that_is_not_taken_for_markup() -> None:
    body = slack_body(MESSAGE)
    assert body["text"] == "lake.flights partition 2013-01-31 was not published"
    section, where = body["blocks"]
    assert section["text"]["text"] == (
        "*lake.flights partition 2013-01-31 was not published*\n"
        "• block: delay.range: 2 rows, saw &lt;b&gt;, expected at most 1 &amp; 2"
    )
    assert where["elements"][0]["text"] == (
        "DAG `flights`, run `manual__1`, task `lake__flights.check`\n"
        "<https://airflow.example/dags/flights|Open the run>"
    )


def test_slack_is_told_how_many_rows_are_in_quarantine_and_in_which_environment() -> None:
    body = slack_body(replace(MESSAGE, quarantined=3, environment="flights-prod"))
    assert body["text"] == "flights-prod: lake.flights partition 2013-01-31 was not published"
    assert body["blocks"][0]["text"]["text"].endswith("\n3 rows are in quarantine")


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("404 Not Found" if environ["PATH_INFO"] == f"/{SECRET}" else "200 OK", [])
    return [b"no_service"]


def test_slack_refusing_is_told_without_the_webhook() -> None:
    with serving(app) as port:
        send_to_slack(f"http://127.0.0.1:{port}/right", MESSAGE)
        with pytest.raises(NotSentError) as caught:
            send_to_slack(f"http://127.0.0.1:{port}/{SECRET}", MESSAGE)
    assert str(caught.value) == "Slack answered 404 to a notification"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("webhook", "said"),
    [
        (f"http://127.0.0.1:9/{SECRET}", "Slack could not be reached: ConnectionRefusedError"),
        (f"http://127.0.0.1:9/{SECRET} x", "Slack could not be reached: InvalidURL"),
        (f"http://[{SECRET}/x", "Slack could not be reached: ValueError"),
        (f"file:///{SECRET}", NO_WEBHOOK),
        (SECRET, NO_WEBHOOK),
        ("", NO_WEBHOOK),
    ],
)
def test_slack_that_cannot_be_reached_is_told_without_the_webhook(webhook: str, said: str) -> None:
    with pytest.raises(NotSentError) as caught:
        send_to_slack(webhook, MESSAGE)
    assert str(caught.value) == said


def test_mail_arrives_with_subject_and_text() -> None:
    with mail_server(SECRET) as box:
        server = MailServer(host="127.0.0.1", port=box.port, login="etl", password=SECRET, encryption="none")
        send_mail(server, "airflow@example.org", ["a@example.org", "b@example.org"], MESSAGE)
    (mail,) = box.mails
    assert (mail["Subject"], mail["From"], mail["To"]) == (
        "lake.flights partition 2013-01-31 was not published",
        "airflow@example.org",
        "a@example.org, b@example.org",
    )
    assert mail.get_content().splitlines() == MESSAGE.text.splitlines()
    assert box.logins == ["etl"]


def test_a_refused_login_is_told_without_the_password() -> None:
    with mail_server("another") as box:
        server = MailServer(host="127.0.0.1", port=box.port, login="etl", password=SECRET, encryption="none")
        with pytest.raises(NotSentError) as caught:
            send_mail(server, "airflow@example.org", ["a@example.org"], MESSAGE)
        assert str(caught.value) == (
            f"the mail server 127.0.0.1:{box.port} did not take a notification: SMTPAuthenticationError"
        )
    assert (SECRET in repr(server), caught.value.__cause__) == (False, None)


def test_mail_is_not_sent_in_the_clear_unless_told_to() -> None:
    with mail_server() as box, pytest.raises(NotSentError, match="SMTPNotSupportedError"):
        send_mail(MailServer(host="127.0.0.1", port=box.port), "a@example.org", ["b@example.org"], MESSAGE)
    assert box.mails == []


@pytest.mark.parametrize(
    ("server", "sender", "said"),
    [
        (MailServer(host=""), "a@example.org", "the connection names no mail server: set its host"),
        (
            MailServer(host="127.0.0.1"),
            "",
            "a mail needs a sender: give `sender`, or `from_email` in the extra of the connection",
        ),
        (
            MailServer(host="127.0.0.1", encryption="startls"),
            "a@example.org",
            "`encryption` is one of starttls, tls, none, and not `startls`",
        ),
    ],
)
def test_what_a_connection_lacks_is_said_before_anything_is_sent(
    server: MailServer, sender: str, said: str
) -> None:
    with pytest.raises(NotSentError) as caught:
        send_mail(server, sender, ["b@example.org"], MESSAGE)
    assert str(caught.value) == said


@pytest.fixture
def sns() -> Iterator[Any]:
    with mock_aws():
        create: Any = boto3.session.Session("test", "test", region_name="us-east-1").client
        yield create


def test_sns_gets_attributes_to_filter_by(sns: Any) -> None:
    topic = sns("sns").create_topic(Name="alerts")["TopicArn"]
    queue = sns("sqs").create_queue(QueueName="alerts")["QueueUrl"]
    wanted = '{"asset": ["lake.flights"]}'
    sns("sns").subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint="arn:aws:sqs:us-east-1:123456789012:alerts",
        Attributes={"FilterPolicy": wanted, "RawMessageDelivery": "true"},
    )
    send_to_sns(sns("sns"), topic, Message(dag_id="other", run_id="r", task_id="t"))
    send_to_sns(sns("sns"), topic, MESSAGE)
    (message,) = sns("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert message["Body"] == MESSAGE.text
