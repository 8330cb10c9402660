"""The reference pipelines where they are at home: deployed, as the execution role, with a real scheduler.

They share the deployment of the other end-to-end tests. The same pipelines in plain Airflow, without MWAA:
`tests/airflow/inside/reference_pipelines_cases.py`.
"""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.emulator.end_to_end import expected_figures as expected
from tests.emulator.end_to_end.landed_data import aws, query
from tests.emulator.end_to_end.pipeline_runs import (
    body,
    events,
    keys,
    land,
    runs,
    settled,
    trigger,
    wait_until,
)
from tests.emulator.end_to_end.project_copy import ProjectCopy
from tests.fakes.waiting import eventually

pytestmark = pytest.mark.timeout(900)

TOPIC = "arn:aws:sns:us-east-1:123456789012:flights-local-warn"
GATE, REPORT = "weather_quality_gate", "weather_report"


@pytest.fixture(scope="module")
def heard(deployed: ProjectCopy) -> Callable[[], list[str]]:
    """Give what the notification topic has been told since it was asked last."""
    sqs = aws(deployed, "sqs")
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:inbox"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    aws(deployed, "sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn)

    def receive() -> list[str]:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        found = answer.get("Messages", ())
        for each in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        messages = [json.loads(each["Body"])["Message"] for each in found]
        return [message for message in messages if "weather_quality_gate" in message]

    return receive


def await_message(heard: Callable[[], list[str]]) -> list[str]:
    """Ask until something has been told: Airflow calls notifiers when it has said that the task failed."""
    messages: list[str] = []

    def arrived() -> bool:
        messages.extend(heard())
        return bool(messages)

    assert eventually(arrived, 60)
    return messages


def test_a_failed_check_publishes_nothing_and_mended_files_heal_it(
    deployed: ProjectCopy, heard: Callable[[], list[str]]
) -> None:
    rows = [row for row in expected.table("weather") if row["time_hour"].startswith("2013-01-01")]
    wrong = [{**row, "wind_speed": "1048.36"} if number % 3 == 0 else row for number, row in enumerate(rows)]
    bad = sum(row["wind_speed"] == "1048.36" for row in wrong)
    land(deployed, "landing/quality_gate/weather.csv", wrong)

    refused = trigger(deployed, GATE)

    assert refused == 1
    assert events(deployed, GATE) == []
    assert runs(deployed, REPORT) == []
    assert keys(deployed, "lake/quality_gate/observations/_manifest.json") == []
    [quarantined] = keys(deployed, "quarantine/quality_gate/")
    lines = gzip.decompress(body(deployed, quarantined)).splitlines()
    assert {json.loads(line)["column"] for line in lines} == {"wind_speed"}
    assert len(lines) == bad
    [message] = await_message(heard)
    assert "observations.check failed" in message
    assert "quarantine" in message

    land(deployed, "landing/quality_gate/weather.csv", rows)
    assert trigger(deployed, GATE) == 0

    [event] = events(deployed, GATE)
    assert event["extra"]["typed_assets"]["rows"] == len(rows)
    [run] = settled(deployed, REPORT)
    assert (run["state"], run["run_type"]) == ("success", "asset_triggered")
    assert heard() == []


@pytest.mark.whole
def test_a_contract_that_breaks_a_reader_of_what_runs_is_found_by_the_check(
    deployed: ProjectCopy, tmp_path: Path
) -> None:
    for part in ("mwaactl.toml", "dags/weather_quality_gate.py"):
        (tmp_path / part).parent.mkdir(exist_ok=True)
        shutil.copy(deployed.root / part, tmp_path / part)
    for folder in ("dags/reference_pipelines", "plugins"):
        shutil.copytree(deployed.root / folder, tmp_path / folder)
    (tmp_path / ".mwaactl").symlink_to(deployed.root / ".mwaactl")
    contract = tmp_path / "dags" / "reference_pipelines" / "observations.py"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace('"wind_speed", 0, 250', '"wind_speed", 0, 999'), encoding="utf-8")
    gate = (tmp_path / "dags" / "weather_quality_gate.py").read_text(encoding="utf-8")
    line = gate[: gate.index("    @asset(")].count("\n") + 1

    config = ("--config", str(tmp_path / "mwaactl.toml"))
    done = deployed.mwaactl(*config, "check", "--deployed", "-e", "local", "--json")

    assert done.returncode == 1, done.stdout + done.stderr
    found = [each for each in json.loads(done.stdout)["findings"] if each["rule"] == "contract-break"]
    assert [(each["severity"], each["path"], each["message"]) for each in found] == [
        (
            "error",
            "dags/weather_quality_gate.py",
            (
                "the contract of `quality_gate.observations` breaks what is deployed: column wind_speed: its "
                "greatest value is 999, not 250, and `quality_gate.report` reads it"
            ),
        )
    ]
    assert found[0]["line"] == line


@pytest.mark.whole
def test_files_are_cleaned_by_the_function_and_merged_into_one_table(deployed: ProjectCopy) -> None:
    january = [row for row in expected.table("flights") if row["month"] == "1" and int(row["day"]) <= 3]
    for days in ("12", "23"):
        rows = [row for row in january if row["day"] in days]
        land(deployed, "landing/flights_by_file/a.csv", rows[::2])
        land(deployed, "landing/flights_by_file/b.csv", rows[1::2])
        assert trigger(deployed, "flights_by_file") == 0

    assert query(deployed, "SELECT COUNT(*) FROM flights_by_file.flights") == [(len(january),)]


@pytest.mark.whole
def test_a_file_that_lands_starts_what_waits_for_it(deployed: ProjectCopy) -> None:
    rows = [row for row in expected.table("weather") if row["time_hour"].startswith("2013-01-01")]

    land(deployed, "landing/on_arrival/weather/2013-01-01.csv", rows)
    [run] = settled(deployed, "weather_on_arrival")

    assert (run["state"], run["run_type"]) == ("success", "asset_triggered")
    [event] = events(deployed, "weather_on_arrival")
    assert event["extra"]["typed_assets"]["rows"] == len(rows)
    wait_until(lambda: {run["state"] for run in runs(deployed, "landing_router")} == {"success"})
    queue = aws(deployed, "sqs").get_queue_url(QueueName="flights-local-landed")["QueueUrl"]
    waiting = ["ApproximateNumberOfMessages"]
    left = aws(deployed, "sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=waiting)["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "0"


@pytest.mark.whole
def test_new_flights_are_loaded_and_tables_move(pipeline_run: ProjectCopy) -> None:
    assert trigger(pipeline_run, "flights_incremental") == 0
    assert trigger(pipeline_run, "warehouse_migration") == 0
    assert trigger(pipeline_run, "reverse_etl") == 0

    january = sum(row["time_hour"] < "2013-02-01" for row in expected.table("flights"))
    assert query(pipeline_run, "SELECT COUNT(*) FROM incremental.flights") == [(january,)]
    assert query(pipeline_run, "SELECT COUNT(*) FROM migrated.flights") == [(len(expected.table("flights")),)]
    items = aws(pipeline_run, "dynamodb").scan(TableName="flights-local-serving")["Items"]
    assert {each["id"]["S"]: int(each["flights"]["N"]) for each in items} == {
        carrier: figures[0] for carrier, figures in expected.delay_by_carrier().items()
    }
