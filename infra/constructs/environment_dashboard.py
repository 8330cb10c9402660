"""What an operator wants to see first."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from aws_cdk import Stack
from aws_cdk.aws_cloudwatch import CfnDashboard
from constructs import Construct

from infra.dashboard_widgets import Graph, Line, Widget, alarm_states, newest_lines, placed

_AIRFLOW, _SERVICE, _ASSETS = "AmazonMWAA", "AWS/MWAA", "TypedAssets"
_CLUSTERS = ("Scheduler", "BaseWorker", "AdditionalWorker", "WebServer")
_LOW, _HIGH = 3, 6
_NONE: Mapping[str, float] = MappingProxyType({})


class EnvironmentDashboard(Construct):
    """Alarms on top, then whether tasks run and DAG files are read, then how full the parts are.

    MWAA's own page of metrics has no alarms of event rules, no logs and no thresholds of ours:
    https://docs.aws.amazon.com/mwaa/latest/userguide/monitoring-dashboard.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment_name: str,
        alarm_names: Sequence[str] = (),
        log_groups: Sequence[str] = (),
        marks: Mapping[str, float] = _NONE,
    ) -> None:
        """Make the dashboard, which has the environment's name.

        Args:
            scope: Where it belongs.
            construct_id: Its id there.
            environment_name: The MWAA environment.
            alarm_names: Alarms whose states are shown. None by default.
            log_groups: Log groups whose newest errors are shown. None by default.
            marks: `percent` and `parse_time` to the value at which a line is drawn. None by default.
        """
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        arns = [f"arn:aws:cloudwatch:{stack.region}:{stack.account}:alarm:{name}" for name in alarm_names]
        rows: list[tuple[int, Sequence[Widget]]] = [
            (_HIGH, [graph.rendered(stack.region) for graph in row])
            for row in _graphs(environment_name, marks)
        ]
        if arns:
            rows.insert(0, (_LOW, [alarm_states(f"Alarms of {environment_name}", arns)]))
        if log_groups:
            rows.append((_HIGH, [newest_lines("Newest errors", stack.region, log_groups, "ERROR|CRITICAL")]))
        CfnDashboard(
            self,
            "Dashboard",
            dashboard_name=environment_name,
            dashboard_body=json.dumps({"widgets": placed(rows)}),
        )


def _graphs(environment: str, marks: Mapping[str, float]) -> list[list[Graph]]:
    percent = {"alarm": marks["percent"]} if "percent" in marks else {}
    interval = {"interval": marks["parse_time"]} if "parse_time" in marks else {}
    clusters = [_service(environment, "CPUUtilization", name, Cluster=name) for name in _CLUSTERS]
    memory = [_service(environment, "MemoryUtilization", name, Cluster=name) for name in _CLUSTERS]
    database = {"DatabaseRole": "WRITER"}
    return [
        [
            Graph("Heartbeats of the schedulers", [_airflow(environment, "SchedulerHeartbeat", "Scheduler")]),
            Graph(
                "Tasks in the queue and running",
                [
                    _service(environment, "QueuedTasks", "queued", statistic="Maximum"),
                    _service(environment, "RunningTasks", "running", statistic="Maximum"),
                    _service(
                        environment, "ApproximateAgeOfOldestTask", "age of the oldest, s", statistic="Maximum"
                    ),
                ],
            ),
            Graph(
                "Tasks that ended",
                [
                    _tasks(environment, "TaskInstanceSuccesses", "succeeded"),
                    _tasks(environment, "TaskInstanceFailures", "failed"),
                ],
            ),
        ],
        [
            Graph(
                "Seconds to read all DAG files",
                [_airflow(environment, "TotalParseTime", "DAG Processing", statistic="Average")],
                interval,
            ),
            Graph(
                "DAG files",
                [
                    _airflow(environment, "ImportErrors", "DAG Processing", statistic="Maximum"),
                    _airflow(environment, "DagBagSize", "DAG Processing", statistic="Maximum"),
                ],
            ),
            Graph(
                "Late assets",
                [Line("late", _ASSETS, "LateAssets", {"Environment": environment}, "Maximum")],
            ),
        ],
        [
            Graph("Processors, percent", clusters, percent),
            Graph("Memory, percent", memory, percent),
        ],
        [
            Graph(
                "Database: processors, percent", [_service(environment, "CPUUtilization", "CPU", **database)]
            ),
            Graph(
                "Database: connections",
                [_service(environment, "DatabaseConnections", "open", statistic="Maximum", **database)],
            ),
            Graph(
                "Database: free memory, bytes",
                [_service(environment, "FreeableMemory", "free", **database)],
            ),
        ],
    ]


def _airflow(environment: str, name: str, function: str, statistic: str = "Sum") -> Line:
    return Line(name, _AIRFLOW, name, {"Environment": environment, "Function": function}, statistic)


def _tasks(environment: str, name: str, label: str) -> Line:
    return Line(label, _AIRFLOW, name, {"Environment": environment, "DAG": "All", "Task": "All"}, "Sum")


def _service(environment: str, name: str, label: str, statistic: str = "Average", **dimensions: str) -> Line:
    return Line(label, _SERVICE, name, {"Environment": environment, **dimensions}, statistic)
