"""The steps of the demo; all of them go through the toolkit's own commands and AWS's APIs."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from rich.table import Table

from demo import dataset
from demo.commands import mwaactl, mwaactl_json
from demo.landing import land
from demo.warehouse import flights_per_carrier
from mwaactl.config.load import load_config, select_environment

if TYPE_CHECKING:
    from boto3.session import Session
    from rich.console import Console

    from demo.console import Steps
    from mwaactl.config.environment import EnvironmentConfig

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = ROOT / ".mwaactl" / "datasets" / "nycflights13"
ENVIRONMENT = "local"
DAG = "nyc_flights_elt"
LANDING_PREFIX = "landing/nyc_flights/"


class FiguresDisagreeError(Exception):
    """The warehouse's figures are not those of the CSV files."""


@dataclass(frozen=True, slots=True)
class Demo:
    """From nothing to a table read back from the warehouse.

    Attributes:
        steps: announces the steps.
        console: where the results go.
    """

    steps: "Steps"
    console: "Console"

    def run(self) -> None:
        """Run every step.

        Raises:
            CommandFailedError: a command of the toolkit failed.
            DatasetError: the data set is not there.
            QueryFailedError: the warehouse refused the query.
            FiguresDisagreeError: the pipeline's figures are wrong.
        """
        environment = select_environment(load_config(ROOT / "mwaactl.toml"), ENVIRONMENT)
        with self.steps.step(1, "Start the emulator") as say:
            mwaactl("emulator", "up", say=say)
        with self.steps.step(2, "Deploy the stacks and the release") as say:
            mwaactl("deploy", "-e", ENVIRONMENT, say=say)
        directory = dataset.data_directory(INSTALLED)
        session = _session(environment)
        with self.steps.step(3, "Put the data set into the landing bucket") as say:
            files = dataset.landing_files(directory, INSTALLED.parent / "landing")
            bucket = environment.names.data_bucket
            land(
                session.client("s3", endpoint_url=environment.endpoint_url),
                bucket,
                LANDING_PREFIX,
                files,
                say,
            )
        with self.steps.step(4, f"Run the pipeline {DAG}") as say:
            mwaactl("run", "trigger", DAG, "-e", ENVIRONMENT, "--wait", say=say)
        with self.steps.step(5, "Read the results back from the warehouse"):
            data_api = session.client("redshift-data", endpoint_url=environment.endpoint_url)
            names = environment.names
            counted = flights_per_carrier(data_api, workgroup=names.workgroup, database=names.database)
            expected = dataset.flights_per_carrier(directory)
        self._show(counted, expected)
        if counted != expected:
            message = "the warehouse's figures differ from those of the CSV files, see the table"
            raise FiguresDisagreeError(message)
        self._farewell()

    def _show(self, counted: dict[str, int], expected: dict[str, int]) -> None:
        table = Table("carrier", title="Flights per carrier", title_justify="left")
        table.add_column("warehouse", justify="right")
        table.add_column("CSV files", justify="right")
        for carrier in sorted(counted | expected):
            table.add_row(carrier, _figure(counted.get(carrier)), _figure(expected.get(carrier)))
        table.add_section()
        table.add_row("total", _figure(sum(counted.values())), _figure(sum(expected.values())))
        self.console.print(table)

    def _farewell(self) -> None:
        shown = mwaactl_json("env", "show", "-e", ENVIRONMENT, say=lambda _: None)
        for line in (
            f"Airflow UI  http://{shown['webserver_hostname']}/",
            "Sign in     .venv/bin/mwaactl env open",
            "Stop        make down",
        ):
            self.console.print(line, markup=False, soft_wrap=True)


def _session(environment: "EnvironmentConfig") -> "Session":
    """Return a session for the emulator, whatever credentials the user's shell holds."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    return boto3.Session("emulator", "emulator", region_name=environment.region)


def _figure(number: int | None) -> str:
    return "" if number is None else f"{number:,}"
