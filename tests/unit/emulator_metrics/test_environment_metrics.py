"""What Airflow says and its processes use, under the names that MWAA gives it in CloudWatch."""

import os
import socket
import time
from typing import Any

import pytest

from mwaactl.catalog.classes import environment_classes
from mwaactl.catalog.metrics import cloudwatch_metric
from mwaactl.emulator.metrics.container_usage import ContainerUsage, Usage
from mwaactl.emulator.metrics.environment_metrics import airflow_metrics, cluster_metrics, queue_metrics
from mwaactl.emulator.metrics.statistics import Sample
from mwaactl.emulator.metrics.statsd import Gathered, StatsdReceiver
from mwaactl.emulator.runtime.metering import Metering


@pytest.mark.parametrize(
    ("airflow", "name", "unit", "dimensions"),
    [
        ("scheduler_heartbeat", "SchedulerHeartbeat", "Count", {"Function": "Scheduler"}),
        ("executor.queued_tasks", "QueuedTasks", "Count", {"Function": "Executor"}),
        ("dagbag_size", "DagBagSize", "Count", {"Function": "DAG Processing"}),
        ("pool.open_slots.default_pool", "PoolOpenSlots", "Count", {"Pool": "default_pool"}),
        (
            "ti.finish.my.dag.load.success",
            "TaskInstanceFinished",
            "Count",
            {"DAG": "my.dag", "Task": "load", "State": "success"},
        ),
        ("dag.d.load.duration", "TaskInstanceDuration", "Milliseconds", {"DAG": "d", "Task": "load"}),
        ("dagrun.duration.success.d", "DAGDurationSuccess", "Milliseconds", {"DAG": "d"}),
        ("dagrun.d.first_task_scheduling_delay", "FirstTaskSchedulingDelay", "Milliseconds", {"DAG": "d"}),
        ("dag_processing.last_duration.f", "DAGFileProcessingLastDuration", "Seconds", {"DAG Filename": "f"}),
        ("local_task_job_start", "JobStart", "Count", {"Job": "local_task_job"}),
        ("triggers.running.h.i", "TriggersRunning", "Count", {"Function": "Trigger", "HostName": "h.i"}),
        ("ti_failures", "TaskInstanceFailures", "Count", {"DAG": "All", "Task": "All"}),
    ],
)
def test_airflow_s_metric_has_mwaas_name(
    airflow: str, name: str, unit: str, dimensions: dict[str, str]
) -> None:
    found = cloudwatch_metric(airflow)

    assert found is not None
    assert (found.name, found.unit, dict(found.dimensions)) == (name, unit, dimensions)


def test_metric_that_mwaa_does_not_send_is_none() -> None:
    assert cloudwatch_metric("api_server.something_new.of.airflow") is None


def test_lines_are_gathered_as_statsd_does() -> None:
    gathered = Gathered()
    lines = "a:1|c a:2|c|@0.5 g:3|g g:+2|g g:-1|g t:10|ms t:30.5|ms|#tag:x set:1|s nothing x:y|c a:1|c|@often"
    for line in lines.split():
        gathered.add(line)

    assert gathered == Gathered({"a": 5.0}, {"g": 4.0}, {"t": Sample(2.0, 40.5, 10.0, 30.5)})


def test_receiver_gives_what_has_come_once() -> None:
    receiver = StatsdReceiver()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"airflow.a:1|c\nairflow.a:1|c", ("127.0.0.1", receiver.port))
        sender.sendto(b"airflow.b:2|g", ("127.0.0.1", receiver.port))
    counters: dict[str, float] = {}
    gauges: dict[str, float] = {}
    deadline = time.monotonic() + 5
    while (not counters or not gauges) and time.monotonic() < deadline:
        taken = receiver.take()
        counters |= taken.counters
        gauges |= taken.gauges
    receiver.close()

    assert (counters, gauges) == ({"airflow.a": 2.0}, {"airflow.b": 2.0})
    assert receiver.take() == Gathered()


GATHERED = Gathered(
    {"airflow.scheduler_heartbeat": 12.0, "of.another": 1.0},
    {"airflow.executor.queued_tasks": 3.0, "airflow.executor.running_tasks": 8.0},
    {
        "airflow.scheduler.scheduler_loop_duration": Sample(2.0, 50.0, 20.0, 30.0),
        "airflow.dag_processing.last_duration.flights": Sample(1.0, 1500.0, 1500.0, 1500.0),
    },
)


def dimensions(**pairs: str) -> list[dict[str, str]]:
    return [{"Name": name.replace("_", " "), "Value": value} for name, value in pairs.items()]


def test_minute_of_airflow_becomes_metric_data() -> None:
    assert airflow_metrics(GATHERED, "e") == [
        {
            "MetricName": "SchedulerHeartbeat",
            "Unit": "Count",
            "Dimensions": dimensions(Function="Scheduler", Environment="e"),
            "Value": 12.0,
        },
        {
            "MetricName": "QueuedTasks",
            "Unit": "Count",
            "Dimensions": dimensions(Function="Executor", Environment="e"),
            "Value": 3.0,
        },
        {
            "MetricName": "RunningTasks",
            "Unit": "Count",
            "Dimensions": dimensions(Function="Executor", Environment="e"),
            "Value": 8.0,
        },
        {
            "MetricName": "SchedulerLoopDuration",
            "Unit": "Milliseconds",
            "Dimensions": dimensions(Function="Scheduler", Environment="e"),
            "StatisticValues": {"SampleCount": 2.0, "Sum": 50.0, "Minimum": 20.0, "Maximum": 30.0},
        },
        {
            "MetricName": "DAGFileProcessingLastDuration",
            "Unit": "Seconds",
            "Dimensions": dimensions(DAG_Filename="flights", Environment="e"),
            "StatisticValues": {"SampleCount": 1.0, "Sum": 1.5, "Minimum": 1.5, "Maximum": 1.5},
        },
    ]


def test_queue_and_containers_become_metric_data() -> None:
    def short(data: dict[str, Any]) -> tuple[Any, ...]:
        named = {each["Name"]: each["Value"] for each in data["Dimensions"]}
        return data["MetricName"], data["Value"], data["Unit"], named

    assert [short(each) for each in queue_metrics(GATHERED, "e", 42.0)] == [
        ("QueuedTasks", 3.0, "Count", {"Environment": "e"}),
        ("ApproximateAgeOfOldestTask", 42.0, "Seconds", {"Environment": "e"}),
        ("RunningTasks", 8.0, "Count", {"Environment": "e"}),
    ]
    assert [short(each) for each in cluster_metrics({"Scheduler": Usage(7.5, 50.0)}, "e")] == [
        ("CPUUtilization", 7.5, "Percent", {"Cluster": "Scheduler", "Environment": "e"}),
        ("MemoryUtilization", 50.0, "Percent", {"Cluster": "Scheduler", "Environment": "e"}),
    ]
    assert list(queue_metrics(Gathered(), "e", 0.0)) == []


def test_usage_is_that_of_the_processes_since_the_last_time() -> None:
    times = iter([0.0, 10.0, 20.0])
    usage = ContainerUsage(lambda: next(times))
    small = environment_classes()["mw1.small"]

    first = usage.measure({"scheduler": os.getpid()}, small)
    second = usage.measure({"scheduler": os.getpid()}, small)

    assert first.keys() == second.keys() == {"Scheduler", "BaseWorker", "WebServer"}
    assert 0 < first["Scheduler"].cpu_percent <= 100
    assert second["Scheduler"].cpu_percent < first["Scheduler"].cpu_percent
    assert first["Scheduler"].memory_percent > 0
    assert first["WebServer"] == Usage(0.0, 0.0)


@pytest.mark.parametrize(("options", "on"), [({}, "True"), ({"metrics.statsd_on": "False"}, "False")])
def test_airflow_is_told_where_to_send_its_metrics(options: dict[str, str], on: str) -> None:
    metering = Metering()
    assert metering.variables(options)["AIRFLOW__METRICS__STATSD_ON"] == "False"
    metering.open()

    told = metering.variables(options)
    metering.close()

    assert told.pop("AIRFLOW__METRICS__STATSD_PORT") != "8125"
    assert told == {
        "AIRFLOW__METRICS__STATSD_ON": on,
        "AIRFLOW__METRICS__STATSD_HOST": "localhost",
        "AIRFLOW__METRICS__STATSD_PREFIX": "airflow",
    }
