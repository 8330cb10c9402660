"""The second run on the same files: it fails without one of the role's statements, then it succeeds."""

from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any

from tests.emulator.end_to_end.execution_role import usage, without
from tests.emulator.end_to_end.landed_data import aws, query
from tests.emulator.end_to_end.project_copy import ProjectCopy

CARRIERS = "SELECT * FROM mart.delay_by_carrier ORDER BY carrier"


@dataclass(frozen=True, slots=True)
class SecondRun:
    """What was seen of it.

    Attributes:
        carriers_before: A mart, as the first run left it.
        failed: The run without the statement.
        denied: What the role was denied meanwhile.
        said: What tasks logged until then.
        carriers_between: The mart after the run that failed.
        healed: The run with the statement again.
    """

    carriers_before: list[tuple[Any, ...]]
    failed: CompletedProcess[str]
    denied: list[dict[str, Any]]
    said: list[str]
    carriers_between: list[tuple[Any, ...]]
    healed: CompletedProcess[str]


def run_again(project: ProjectCopy, missing: str) -> SecondRun:
    """Run the pipeline to its end without a statement of the execution role, and then with it."""
    before = query(project, CARRIERS)
    with without(project, missing):
        failed = run(project)
    denied = usage(project)["denied"]
    events = aws(project, "logs").filter_log_events(logGroupName="airflow-flights-local-Task")["events"]
    said = [each["message"] for each in events]
    return SecondRun(before, failed, denied, said, query(project, CARRIERS), run(project))


def run(project: ProjectCopy) -> CompletedProcess[str]:
    """Run the pipeline to its end."""
    return project.mwaactl("run", "trigger", "nyc_flights_elt", "-e", "local", "--wait")
