"""`mwaactl run`: DAG runs, through MWAA's API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import click

from mwaactl.cli.environments import dag_runs_of
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.group()
def run() -> None:
    """Trigger DAG runs and look at them."""


@run.command()
@click.argument("dag", metavar="DAG")
@environment_option
@click.option("--conf", default="{}", metavar="JSON", help="Configuration of the run, a JSON object.")
@click.option("--wait", is_flag=True, help="Wait for the run's end; exit code 1 unless it succeeds.")
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    default=3600,
    show_default=True,
    help="Seconds that --wait waits.",
)
@json_option
@pass_invocation
def trigger(
    invocation: Invocation, dag: str, environment: str | None, *, conf: str, wait: bool, timeout: int
) -> None:
    """Trigger a run of DAG, which is unpaused first if it is paused."""
    from mwaactl.report.runs import run_data, tasks_data

    given = _conf(conf)
    runs = dag_runs_of(invocation, environment)
    triggered = runs.trigger(dag, given)
    finished = runs.wait(triggered, timedelta(seconds=timeout)) if wait else None
    shown = finished.run if finished else triggered
    if invocation.as_json:
        invocation.console.json(
            {**run_data(shown), "tasks": tasks_data(finished.tasks) if finished else None}
        )
    else:
        invocation.console.data(f"{shown.run_id} {shown.state}")


@run.command("list")
@click.argument("dag", metavar="DAG")
@environment_option
@click.option("-n", "--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many.")
@json_option
@pass_invocation
def list_runs(invocation: Invocation, dag: str, environment: str | None, limit: int) -> None:
    """List the newest runs of DAG, newest first."""
    from mwaactl.report.runs import run_data, runs_text

    found = dag_runs_of(invocation, environment).list(dag, limit)
    if invocation.as_json:
        invocation.console.json({"runs": [run_data(each) for each in found]})
    else:
        invocation.console.data(runs_text(found))


def _conf(text: str) -> dict[str, Any]:
    try:
        conf = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error}"
        raise click.BadParameter(message, param_hint="--conf") from error
    if not isinstance(conf, dict):
        message = "must be a JSON object"
        raise click.BadParameter(message, param_hint="--conf")
    return conf
