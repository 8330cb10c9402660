"""The reference pipelines, with nothing of MWAA's services or of the emulator's but an AWS endpoint."""

import gzip
import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from nyc_data import Landing, Row, Warehouse, of_dags, sampled_flights, table, weather

from typed_assets.testing import run_dag


@pytest.fixture(scope="module")
def landing(aws: Callable[[str], Any]) -> Landing:
    return Landing(aws, os.environ["AIRFLOW__PIPELINES__DATA_BUCKET"])


@pytest.fixture(scope="module")
def flights() -> list[Row]:
    found: list[Row] = sampled_flights(every=10)
    return found


@pytest.fixture(scope="module")
def warehouse(landing: Landing, flights: list[Row]) -> Warehouse:
    """A warehouse with a tenth of the year's flights, and the small tables."""
    made = Warehouse(landing)
    made.load("flights", flights)
    for name in ("airlines", "airports", "planes"):
        made.load(name, table(name))
    made.load("weather", weather(1, 2))
    return made


@pytest.fixture
def inbox(aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """A queue that hears what the notification topic is told."""
    topic = aws("sns").create_topic(Name="warn")["TopicArn"]
    queue = aws("sqs").create_queue(QueueName="inbox")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    monkeypatch.setenv("AIRFLOW__PIPELINES__NOTIFICATION_TOPIC_ARN", topic)

    def heard() -> list[str]:
        sqs = aws("sqs")
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ())
        for each in found:  # or they would come back in half a minute
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"])["Message"] for each in found]

    return heard


@pytest.mark.whole
def test_the_gate_lets_nothing_through_that_breaks_the_contract_and_mended_files_heal_it(
    landing: Landing, inbox: Callable[[], list[str]]
) -> None:
    gate = of_dags("weather_quality_gate")

    rows = weather(1, 2)
    wrong = [{**row, "wind_speed": "1048.36"} if number % 3 == 0 else row for number, row in enumerate(rows)]
    landing.put("landing/quality_gate/weather.csv", wrong)

    refused = run_dag(gate.weather_quality_gate)

    assert (refused.state, refused.events) == ("failed", ())
    assert refused.tasks == {"observations.write": "success", "observations.check": "failed"}
    assert "lake/quality_gate/observations/_manifest.json" not in landing.keys("lake/quality_gate/")
    [key] = landing.keys("quarantine/quality_gate/")
    quarantined = [json.loads(line) for line in gzip.decompress(landing.body(key)).splitlines()]
    assert len(quarantined) == len([row for row in wrong if row["wind_speed"] == "1048.36"])
    assert {(each["column"], each["value"]) for each in quarantined} == {("wind_speed", "1048.36")}
    [message] = inbox()
    assert message.startswith("weather_quality_gate, run ")
    assert "observations.check failed" in message
    assert "quarantine" in message

    landing.put("landing/quality_gate/weather.csv", rows)
    healed = run_dag(gate.weather_quality_gate)
    report = run_dag(gate.weather_report)

    [event] = healed.events
    assert (healed.state, event.asset) == ("success", "quality_gate.observations")
    assert event.record is not None
    assert event.record.rows == len(rows)
    assert inbox() == []
    [event] = report.events
    assert event.record is not None
    assert (event.asset, event.record.rows) == ("quality_gate.report", 3)


@pytest.mark.whole
def test_few_bad_rows_go_to_quarantine_and_the_rest_is_published(
    landing: Landing, inbox: Callable[[], list[str]]
) -> None:
    gate = of_dags("weather_quality_gate")

    rows = weather(1, 2)
    landing.put("landing/quality_gate/weather.csv", [{**rows[0], "temp": "warm"}, *rows[1:]])

    [event] = run_dag(gate.weather_quality_gate).events

    assert event.record is not None
    assert (event.record.rows, event.record.quarantined) == (len(rows) - 1, 1)
    assert inbox() == []


@pytest.mark.whole
def test_only_new_and_late_flights_are_loaded_and_the_watermark_moves(
    warehouse: Warehouse, flights: list[Row]
) -> None:
    from typed_assets.state import state

    flights_incremental = of_dags("flights_incremental").flights_incremental

    def loaded() -> int:
        return int(warehouse.value("SELECT COUNT(*) FROM incremental.flights"))

    def until(moment: str) -> int:
        return sum(row["time_hour"] < moment for row in flights)

    first = run_dag(flights_incremental)
    assert (first.state, loaded()) == ("success", until("2013-02-01"))
    mark = state("incremental.flights", services=warehouse.services).get()
    assert mark is not None
    assert str(mark.value).startswith("2013-01-31T2")

    late = "(2013, 1, 31, 600, 0, 'B6', 9999, 'JFK', 'BOS', 187, 6, 0, TIMESTAMP '2013-01-31 11:00:00')"
    columns = (
        "year, month, day, sched_dep_time, sched_arr_time, carrier, flight, origin, dest, distance, hour, "
        "minute, time_hour"
    )
    warehouse.run(f'INSERT INTO "raw".flights ({columns}) VALUES {late}')  # noqa: S608
    second = run_dag(flights_incremental)

    assert second.state == "success"
    assert loaded() == until(str(second.values["advance_watermark"])[:13] + ":00:01Z") + 1
    assert warehouse.value("SELECT COUNT(*) FROM incremental.flights WHERE flight = 9999") == 1
    warehouse.run('DELETE FROM "raw".flights WHERE flight = 9999')


@pytest.mark.whole
def test_hours_roll_up_to_their_day(landing: Landing) -> None:
    weather_rollup = of_dags("weather_rollup")

    landing.put("landing/nyc_flights/weather.csv", weather(2))
    for hour in range(24):
        assert run_dag(weather_rollup.weather_hourly, partition=f"2013-01-02T{hour:02}").state == "success"

    result = run_dag(weather_rollup.weather_daily, partition="2013-01-02")

    [event] = result.events
    assert event.record is not None
    assert (result.state, event.record.partition, event.record.rows) == ("success", "2013-01-02", 3)
    days = published(landing, "lake/weather/daily/partition=2013-01-02/")
    temperatures = {
        origin: [float(row["temp"]) for row in weather(2) if row["origin"] == origin and row["temp"] != "NA"]
        for origin in ("EWR", "JFK", "LGA")
    }
    assert {row["origin"]: (row["hours"], row["lowest_temp"], row["highest_temp"]) for row in days} == {
        origin: (24, min(found), max(found)) for origin, found in temperatures.items()
    }


@pytest.mark.whole
def test_tables_move_and_agree_and_a_second_run_moves_none(warehouse: Warehouse) -> None:
    warehouse_migration = of_dags("warehouse_migration").warehouse_migration

    first, second = run_dag(warehouse_migration), run_dag(warehouse_migration)

    assert {value for name, value in first.values.items() if name.startswith("move[")} == {"moved"}
    assert [value for name, value in second.values.items() if name.startswith("move[")] == ["was there"] * 5
    [event] = first.events
    assert event.record is not None
    assert (first.state, event.record.rows, second.state) == ("success", 5, "success")
    assert warehouse.value("SELECT COUNT(*) FROM migrated.flights") == warehouse.value(
        'SELECT COUNT(*) FROM "raw".flights'
    )


@pytest.mark.whole
def test_a_mart_goes_to_the_lake_and_to_dynamodb(
    aws: Callable[[str], Any], landing: Landing, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    reverse_etl = of_dags("reverse_etl").reverse_etl

    monkeypatch.setenv("AIRFLOW__PIPELINES__SERVING_TABLE", "serving")
    keys = {"dataset": "HASH", "id": "RANGE"}
    aws("dynamodb").create_table(
        TableName="serving",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    warehouse.run("CREATE SCHEMA IF NOT EXISTS mart")
    warehouse.run(
        "CREATE TABLE mart.delay_by_carrier AS SELECT f.carrier, a.name AS carrier_name, "
        "COUNT(*) AS flights, SUM(CASE WHEN dep_time IS NULL THEN 1 ELSE 0 END) AS cancelled, "
        "AVG(CAST(dep_delay AS DOUBLE PRECISION)) AS average_departure_delay, "
        "AVG(CAST(arr_delay AS DOUBLE PRECISION)) AS average_arrival_delay, "
        "AVG(CASE WHEN arr_delay > 15 THEN 100.0 ELSE 0 END) AS percent_late "
        'FROM "raw".flights AS f INNER JOIN "raw".airlines AS a ON a.carrier = f.carrier GROUP BY 1, 2'
    )

    result = run_dag(reverse_etl)

    carriers = warehouse.value("SELECT COUNT(*) FROM mart.delay_by_carrier")
    assert (result.state, result.values) == (
        "success",
        {"lake": carriers, "serve": {"put": carriers, "deleted": 0}},
    )
    assert aws("dynamodb").scan(TableName="serving")["Count"] == carriers
    assert all(key.endswith(".parquet") for key in landing.keys("lake/reverse_etl/"))
    assert landing.keys("lake/reverse_etl/")


@pytest.mark.whole
def test_a_model_learns_is_judged_and_scores_once_a_person_approves(
    warehouse: Warehouse, landing: Landing, airflow_version: tuple[int, int]
) -> None:
    del warehouse

    def approved(context: Any, *_: Any) -> Any:
        """On 3.0 put the object as an approver does, and look; nobody can answer Airflow's question here."""
        if airflow_version >= (3, 1):
            return None
        sensor = context["ti"].task  # the rendered one
        assert not sensor.poke(context)
        landing.put_bytes(f"landing/approvals/delay_model/{context['run_id']}", b"")
        return type(sensor).execute(sensor, context)

    dag = of_dags("delay_model").delay_model
    dag.get_task("approve").execute = approved

    result = run_dag(dag)

    assert (result.errors, result.state) == ({}, "success")
    assert [event.asset for event in result.events] == [
        "delay_model.features",
        "delay_model.weights",
        "delay_model.evaluation",
        "delay_model.scores",
    ]
    [figures] = published(landing, "lake/delay_model/evaluation/")
    assert 0.6 < figures["auc"] < 0.8
    assert figures["log_loss"] < figures["baseline_log_loss"]


def published(landing: Landing, prefix: str) -> list[dict[str, Any]]:
    """Return the rows that the manifest below a prefix names."""
    manifest = json.loads(landing.body(f"{prefix}_manifest.json"))
    rows = []
    for entry in manifest["entries"]:
        body = landing.body(entry["url"].partition(f"{landing.bucket}/")[2])
        rows += [json.loads(line) for line in gzip.decompress(body).splitlines()]
    return rows
