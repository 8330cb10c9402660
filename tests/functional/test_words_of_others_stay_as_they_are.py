"""A command in a file, a log or a record of others is shown as it stands, beside hints that are completed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mwaactl.executor.lock.holder import Holder, Process, encode
from tests.fakes.command_line import CONFIGURATION

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

THEIRS = "`mwaactl deploy` and `npx cdk deploy one`"
TRACE = """Traceback (most recent call last):
  File "dags/flights.py", line 1, in <module>
    import no_such_module
ModuleNotFoundError: No module named 'no_such_module'
"""


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    assert mwaactl("deploy").code == 0
    mwaactl.aws.clock.sleep(10)
    return mwaactl


def test_a_comment_in_a_diff_stays_as_it_was_written(mwaactl: CommandLine) -> None:
    mwaactl("deploy", "-e", "local")
    first = json.loads(mwaactl("release", "show", "-e", "local", "--json").stdout)["id"]
    mwaactl.write("dags/tables.py", f"TABLES = (1,)  # see {THEIRS}\n")
    mwaactl.aws.clock.sleep(10)
    mwaactl("deploy", "-e", "local")

    shown = mwaactl("release", "diff", first, "-e", "local", "--content")

    assert f"    +TABLES = (1,)  # see {THEIRS}\n" in shown.stdout


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_finding_quotes_a_file_as_it_stands_and_names_our_command_with_its_options(
    mwaactl: CommandLine, form: str
) -> None:
    trace = f"{TRACE.rstrip()} of {THEIRS}\n"
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": trace}]}

    checked = mwaactl("check", "-e", "local", "--format", form)

    assert f"No module named 'no_such_module' of {THEIRS}" in checked.stdout
    assert "run `mwaactl requirements lock -e local`" in checked.stdout


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_programs_read_is_the_same_for_every_environment(mwaactl: CommandLine, form: str) -> None:
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": TRACE}]}

    chosen = mwaactl("check", "-e", "local", "--format", form)
    mwaactl.write("mwaactl.toml", CONFIGURATION)
    default = mwaactl("check", "--format", form)

    assert "run `mwaactl requirements lock`" in chosen.stdout
    assert chosen.stdout == default.stdout


def test_an_error_and_its_traceback_quote_a_file_as_it_stands(mwaactl: CommandLine) -> None:
    text = f"{TRACE.rstrip()} of {THEIRS}\n"
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": text}]}

    refused = mwaactl("-v", "deploy", "-e", "local", "--parse")

    error, _, hint = refused.stderr.partition("\nhint: ")
    assert error.count(f"of {THEIRS}") == len(["traceback", "error"])
    assert "run `mwaactl requirements lock -e local`" in hint


def test_the_reason_of_a_release_that_failed_stays_as_it_was_recorded(mwaactl: CommandLine) -> None:
    mwaactl("deploy", "-e", "local")
    key = next(key for key in mwaactl.aws.bucket.contents if key.startswith("releases/2"))
    record = json.loads(mwaactl.aws.bucket.contents[key]) | {"state": "failed", "failure": f"see {THEIRS}"}
    mwaactl.aws.bucket.put(key, json.dumps(record).encode())

    listed = mwaactl("release", "list", "-e", "local").stdout
    shown = mwaactl("release", "show", "-e", "local", record["id"]).stdout

    assert listed.endswith(f"  see {THEIRS}\n")
    assert f"  see {THEIRS}\n" in shown


def test_a_schema_is_a_document_and_stays_json(mwaactl: CommandLine) -> None:
    file = str(mwaactl.root / "mwaactl.toml")

    schema = mwaactl("--config", file, "config", "schema").stdout

    assert "`mwaactl check` judges" in schema
    assert schema == mwaactl("config", "schema").stdout


def test_a_lock_names_the_command_that_holds_it(deployed: CommandLine) -> None:
    who, since = "arn:aws:iam::123456789012:user/eve", "2026-11-23 09:00:00 UTC"
    holder = Holder("t0k3n", "`mwaactl harden`", who, since, Process("build-7", "boot-9", 99))
    deployed.aws.bucket.put("releases/lock.json", encode(holder))
    deployed.write("dags/tables.py", "TABLES = (1,)\n")

    told = deployed("release", "unlock", "-e", "local").stdout
    deployed.aws.clock.sleep(61)
    taken_over = deployed("deploy", "-e", "local").stderr

    assert told.startswith("local: `mwaactl harden` by ")
    assert "took over the lock of `mwaactl harden` by " in taken_over


def test_the_cause_of_a_failed_attempt_is_told_as_the_log_has_it(deployed: CommandLine) -> None:
    deployed.aws.airflow.run_states = ["running", "success"]
    deployed.aws.airflow.task_states = {"load": "up_for_retry"}
    stream = "dag_id=flights/run_id=manual__1/task_id=load/attempt=1.log"
    cause = {"exc_type": "OSError", "exc_value": THEIRS}
    line = json.dumps({"event": "Task failed", "level": "error", "error_detail": [cause]})
    deployed.aws.logs.contents["airflow-flights-local-Task", stream] = (line,)

    told = deployed("run", "trigger", "flights", "--wait", "-e", "local").stderr

    assert f"load failed and will be tried again: OSError: {THEIRS}\n" in told


def test_what_airflow_says_of_a_file_is_told_as_it_says_it_while_the_release_before_comes_back(
    deployed: CommandLine,
) -> None:
    deployed.write("dags/flights.py", f"from airflow.sdk import DAG\nDAG('flights')\nbroken#{THEIRS}\n")

    told = deployed("deploy", "-e", "local", "--rollback-on-failure").stderr

    (line,) = (each for each in told.splitlines() if "it failed: Airflow cannot import" in each)
    assert THEIRS in line


def test_what_aws_says_of_an_environment_stays_as_it_is(deployed: CommandLine) -> None:
    present = deployed.aws.environments.environment
    assert present is not None
    deployed.aws.environments.environment = replace(present, update_error=THEIRS)

    assert f"  {THEIRS}\n" in deployed("env", "show", "-e", "local").stdout


def test_the_description_of_a_pipeline_stays_as_it_is(mwaactl: CommandLine) -> None:
    config = ("--config", str(mwaactl.root / "mwaactl.toml"))
    mwaactl("pipeline", "new", "first")
    file = mwaactl.root / "dags/pipelines/first.yaml"
    own = file.read_text().partition("description: ")[2].partition("\n")[0]
    file.write_text(file.read_text().replace(own, f"see {THEIRS}"))

    assert f": see {THEIRS}\n" in mwaactl(*config, "pipeline", "explain", str(file)).stdout


def test_the_log_of_the_emulator_is_a_document(mwaactl: CommandLine) -> None:
    mwaactl.write(".mwaactl/emulator/emulator.log", f"{THEIRS}\n")

    shown = mwaactl("--config", str(mwaactl.root / "mwaactl.toml"), "emulator", "logs").stdout

    assert shown.endswith(f"\n{THEIRS}\n\n")
