"""Notifiers as callbacks of tasks: what arrives, and that no secret is logged."""

import importlib.util
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from airflow.sdk import DAG, task

from typed_assets import Column, ColumnType, Contract, asset, build, pipeline
from typed_assets.notifying import EmailNotifier, SlackNotifier, SnsNotifier
from typed_assets.testing import run_dag

SECRET = "T00000000-B00000000-not-a-real-one"


@pytest.fixture
def base_url() -> Iterator[str]:
    os.environ["AIRFLOW__API__BASE_URL"] = "https://airflow.example"
    yield "https://airflow.example"
    del os.environ["AIRFLOW__API__BASE_URL"]


@pytest.fixture
def inbox(aws: Callable[[str], Any]) -> Iterator[tuple[str, Callable[[], list[dict[str, Any]]]]]:
    """A topic, and what has arrived at a queue that subscribes to it."""
    sns, sqs = aws("sns"), aws("sqs")
    name = f"kit-{os.environ['AIRFLOW_UNDER_TEST'].replace('.', '-')}"
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def arrived() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    yield topic, arrived
    sns.delete_topic(TopicArn=topic)
    sqs.delete_queue(QueueUrl=queue)


@pytest.fixture
def slack() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server in the place of Slack, and what it was sent; it refuses `/refused/…`."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(403 if self.path.startswith("/refused") else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", bodies
    server.shutdown()
    server.server_close()


def refused(topic: str) -> Any:
    contract = Contract(columns=(Column(name="delay", type=ColumnType.INTEGER, maximum=100),))
    notifier = ("typed_assets.notifying.SnsNotifier", {"topic_arn": topic})
    with pipeline("kit_notified", on_failure=[notifier]) as made:

        @asset(uri="s3://{data_bucket}/kit/notified/", contract=contract)
        def kit__notified() -> list[dict[str, int]]:
            return [{"delay": 1}, {"delay": 500}, {"delay": 700}]

    return build(made)


def test_a_refused_asset_is_told_with_what_was_found(inbox: Any, base_url: str) -> None:
    topic, arrived = inbox
    result = run_dag(refused(topic))
    assert result.state == "failed"
    (message,) = arrived()
    assert message["Subject"] == "kit.notified was not published"
    assert message["MessageAttributes"]["asset"]["Value"] == "kit.notified"
    lines = message["Message"].splitlines()
    assert lines[:2] == [
        "kit.notified was not published",
        "- block: delay.range: 2 rows, saw 2 of 3 rows, expected at most 100",
    ]
    assert lines[-1].startswith(f"{base_url}/dags/kit_notified/runs/manual__")


def failing(dag_id: str, notifier: Any) -> DAG:
    with DAG(dag_id, schedule=None) as dag:

        @task(on_failure_callback=notifier)
        def load() -> None:
            message = "the source is away"
            raise ConnectionError(message)

        load()
    return dag


@pytest.mark.newest
@pytest.mark.usefixtures("base_url")
def test_another_failure_is_told_with_its_reason(inbox: Any) -> None:
    topic, arrived = inbox
    run_dag(failing("kit_other_failure", SnsNotifier(topic)))
    (message,) = arrived()
    assert message["Subject"] == "kit_other_failure.load failed"
    assert "ConnectionError: the source is away" in message["Message"].splitlines()


@pytest.mark.newest
@pytest.mark.parametrize("path", ["ok", "refused"])
def test_slack_gets_blocks_and_the_webhook_is_never_logged(
    slack: tuple[str, list[bytes]],
    path: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    address, bodies = slack
    connection = {"conn_type": "http", "password": f"{address}/{path}/{SECRET}"}
    os.environ["AIRFLOW_CONN_KIT_SLACK"] = json.dumps(connection)
    caplog.set_level(logging.DEBUG)
    run_dag(failing(f"kit_slack_{path}", SlackNotifier("kit_slack")))
    del os.environ["AIRFLOW_CONN_KIT_SLACK"]
    (body,) = bodies
    assert json.loads(body)["text"] == f"kit_slack_{path}.load failed"
    # Airflow 3.0 tells at debug level what it is asked to mask.
    lines = f"{caplog.text}{''.join(capfd.readouterr())}".splitlines()
    logged = "\n".join(line for line in lines if "MaskSecret(" not in line)
    assert SECRET not in logged
    assert ("Slack answered 403" in logged) == (path == "refused")


def fake_mail_server() -> Any:
    """The mail server of the toolkit's tests, which are not on the path here."""
    path = Path(__file__).parents[2] / "fakes" / "mail_server.py"
    spec: Any = importlib.util.spec_from_file_location("mail_server", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["mail_server"] = module
    spec.loader.exec_module(module)
    return vars(module)["mail_server"]


@pytest.mark.newest
def test_mail_is_sent_by_what_the_connection_says() -> None:
    with fake_mail_server()(SECRET) as box:
        connection = {
            "conn_type": "smtp",
            "host": "127.0.0.1",
            "port": box.port,
            "login": "etl",
            "password": SECRET,
            "extra": {"encryption": "none", "from_email": "airflow@example.org"},
        }
        os.environ["AIRFLOW_CONN_KIT_MAIL"] = json.dumps(connection)
        run_dag(failing("kit_mail", EmailNotifier("data@example.org", smtp_conn_id="kit_mail")))
        del os.environ["AIRFLOW_CONN_KIT_MAIL"]
    (mail,) = box.mails
    assert (mail["From"], mail["To"], mail["Subject"]) == (
        "airflow@example.org",
        "data@example.org",
        "kit_mail.load failed",
    )
    assert box.logins == ["etl"]
