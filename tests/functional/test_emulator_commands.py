from __future__ import annotations

import json
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.entity_usage import Denied, EntityUsage, UnusedActions
from mwaactl.emulator.authorization.traced_access import TracedAccess
from mwaactl.emulator.credentials import RoleCredentials
from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
from mwaactl.emulator.mwaa.host import ComponentState, HostState, RequirementsState
from mwaactl.emulator.own_pages import OwnPages
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.state_file import write_own_record
from tests.fakes.loopback_server import serving
from tests.fakes.no_state import idle_checkpoints

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.command_line import CommandLine

FLIGHTS = EnvironmentStatus(
    name="flights-local",
    region="us-east-1",
    status="AVAILABLE",
    airflow_version="3.3.1",
    web_url="http://localhost:4578",
    airflow=HostState(
        metadata_database="postgresql",
        requirements=RequirementsState(installed=False, error="No matching distribution found for cowsay"),
        dags_synced_at=datetime(2026, 11, 26, 9, 30, 5, tzinfo=UTC),
        components=(ComponentState("api-server", 71), ComponentState("scheduler", 72, 1, -9)),
    ),
)

LOADER = EntityUsage(
    entity="arn:aws:iam::123456789012:role/loader",
    used={"s3:PutObject": 3},
    unused=(UnusedActions("load of role loader", "Raw", ("s3:DeleteObject",)),),
    denied=(Denied("s3:GetObject", "arn:aws:s3:::lake/a", "because of this", 2),),
)


LOADED = TracedAccess(
    "arn:aws:iam::123456789012:role/loader",
    "s3:ListBucket",
    "arn:aws:s3:::lake",
    {"s3:prefix": "raw/"},
    allowed=True,
)
REFUSED = TracedAccess("arn:aws:iam::123456789012:role/loader", "glue:GetTable", "", {}, allowed=False)


@contextmanager
def emulator_of(
    mwaactl: CommandLine,
    *environments: EnvironmentStatus,
    usages: tuple[EntityUsage, ...] = (),
    trace: tuple[TracedAccess, ...] = (),
    ready: bool = True,
) -> Iterator[str]:
    """This process in the emulator's place: its record, and its pages with these environments and usages."""
    settings = EmulatorSettings.for_project(mwaactl.root)
    checkpoints = idle_checkpoints(settings)
    credentials = RoleCredentials(settings)
    pages = OwnPages(settings, credentials, lambda: environments, checkpoints, lambda: usages, lambda: trace)
    pages.ready = ready
    with serving(pages) as port:
        settings = EmulatorSettings.for_project(mwaactl.root, port=port)
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        write_own_record(settings)
        yield settings.endpoint_url


def state_of(mwaactl: CommandLine) -> Path:
    return mwaactl.root.resolve() / ".mwaactl" / "emulator" / "state" / "snapshot"


# mwaactl emulator status
def test_status_of_a_stopped_emulator_exits_1(mwaactl: CommandLine) -> None:
    result = mwaactl("emulator", "status")

    assert (result.code, result.stdout) == (1, "stopped: http://127.0.0.1:4577\n")


# mwaactl emulator status --json
def test_status_as_json(mwaactl: CommandLine) -> None:
    status = json.loads(mwaactl("emulator", "status", "--json").stdout)

    assert (status["running"], status["pid"]) == (False, None)
    assert status["endpoint_url"] == "http://127.0.0.1:4577"
    assert status["environments"] == []


# mwaactl emulator status
def test_status_shows_environments_and_their_processes(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, FLIGHTS) as url:
        result = mwaactl("emulator", "status")

    assert (result.code, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"""\
ready: {url}, process {os.getpid()}
state: {state_of(mwaactl)}, not written yet

flights-local (us-east-1)
  status             AVAILABLE
  airflow version    3.3.1
  web address        http://localhost:4578
  metadata database  postgresql
  requirements       FAILED to install, Airflow runs without them: No matching distribution found for cowsay
  last DAG sync      2026-11-26 09:30:05 UTC
  api-server         process 71
  scheduler          process 72, restarted 1 time, ended last with signal 9
"""
    )


# mwaactl emulator status --json
def test_status_as_json_holds_what_the_page_tells(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, FLIGHTS):
        result = mwaactl("emulator", "status", "--json")

    [environment] = json.loads(result.stdout)["environments"]
    assert environment == {
        "name": "flights-local",
        "region": "us-east-1",
        "status": "AVAILABLE",
        "airflow_version": "3.3.1",
        "web_url": "http://localhost:4578",
        "airflow": {
            "metadata_database": "postgresql",
            "requirements": {"installed": False, "error": "No matching distribution found for cowsay"},
            "dags_synced_at": "2026-11-26T09:30:05Z",
            "components": [
                {"name": "api-server", "pid": 71, "restarts": 0},
                {"name": "scheduler", "pid": 72, "restarts": 1, "exit_code": -9},
            ],
        },
    }


# mwaactl emulator status
def test_status_of_an_emulator_that_is_still_starting_exits_1(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, ready=False) as url:
        result = mwaactl("emulator", "status")

    assert (result.code, result.stdout) == (
        1,
        f"not ready: {url}, process {os.getpid()}\nstate: {state_of(mwaactl)}, not written yet\n",
    )


# mwaactl emulator status
def test_status_of_an_emulator_that_does_not_answer_exits_1(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, FLIGHTS) as url:
        pass
    result = mwaactl("emulator", "status")

    assert (result.code, result.stdout) == (1, f"not ready: {url}, process {os.getpid()}\n")


# mwaactl emulator iam report
def test_iam_report_shows_what_was_denied_and_what_was_never_used(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, usages=(LOADER,)):
        result = mwaactl("emulator", "iam", "report")

    assert (result.code, result.stderr) == (0, "")
    assert (
        result.stdout
        == """\
arn:aws:iam::123456789012:role/loader: 1 action used
  DENIED 2 times: s3:GetObject on arn:aws:s3:::lake/a, because of this
  never used: s3:DeleteObject (Raw, load of role loader)
"""
    )


# mwaactl emulator iam report --json
def test_iam_report_as_json(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, usages=(LOADER,)):
        result = mwaactl("emulator", "iam", "report", "--json")

    assert json.loads(result.stdout) == [
        {
            "entity": "arn:aws:iam::123456789012:role/loader",
            "used": {"s3:PutObject": 3},
            "unused": [{"policy": "load of role loader", "statement": "Raw", "actions": ["s3:DeleteObject"]}],
            "denied": [
                {
                    "action": "s3:GetObject",
                    "resource": "arn:aws:s3:::lake/a",
                    "reason": "because of this",
                    "times": 2,
                }
            ],
        }
    ]


# mwaactl emulator iam report
def test_iam_report_without_an_emulator_exits_1(mwaactl: CommandLine) -> None:
    result = mwaactl("emulator", "iam", "report")

    assert (result.code, result.stdout) == (1, "")
    assert "the emulator does not answer" in result.stderr
    assert "start it with `mwaactl emulator up`" in result.stderr


# mwaactl emulator iam trace
def test_iam_trace_lists_every_access(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, trace=(LOADED, REFUSED)):
        result = mwaactl("emulator", "iam", "trace")

    assert (result.code, result.stderr) == (0, "")
    assert (
        result.stdout
        == """\
DENIED  arn:aws:iam::123456789012:role/loader glue:GetTable an unknown resource
allowed arn:aws:iam::123456789012:role/loader s3:ListBucket arn:aws:s3:::lake
"""
    )


# mwaactl emulator iam trace --json
def test_iam_trace_as_json_has_the_condition_keys(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl, trace=(LOADED,)):
        result = mwaactl("emulator", "iam", "trace", "--json")

    assert json.loads(result.stdout) == [
        {
            "entity": "arn:aws:iam::123456789012:role/loader",
            "action": "s3:ListBucket",
            "resource": "arn:aws:s3:::lake",
            "keys": {"s3:prefix": "raw/"},
            "allowed": True,
        }
    ]


# mwaactl emulator down
def test_down_with_nothing_running_is_done(mwaactl: CommandLine) -> None:
    result = mwaactl("emulator", "down")

    assert (result.code, result.stderr) == (0, "no emulator was running\n")


# mwaactl emulator down
def test_down_stops_nothing_while_the_state_cannot_be_written(mwaactl: CommandLine) -> None:
    with emulator_of(mwaactl):
        state_of(mwaactl).parent.parent.joinpath("state").write_text("a file where a directory must be")
        result = mwaactl("emulator", "down")

    assert (result.code, result.stdout) == (1, "")
    assert "the emulator runs on: its state can't be written" in result.stderr
    assert "mwaactl emulator down --no-save" in result.stderr


# mwaactl emulator down --json
def test_down_as_json(mwaactl: CommandLine) -> None:
    assert json.loads(mwaactl("emulator", "down", "--json").stdout) == {"stopped": False}


# mwaactl emulator reset
def test_reset_forgets_the_state_and_what_was_set_aside(mwaactl: CommandLine) -> None:
    aside = state_of(mwaactl).parent.parent / "set-aside" / "before"
    for folder in (state_of(mwaactl).parent, aside):
        folder.mkdir(parents=True)
    state_of(mwaactl).write_bytes(b"")

    assert json.loads(mwaactl("emulator", "reset", "--json").stdout) == {"forgotten": True}
    assert not state_of(mwaactl).parent.exists()
    assert not aside.exists()
    assert mwaactl("emulator", "reset").stderr == "there was nothing to forget\n"


# mwaactl emulator env --port 4711
def test_env_prints_what_a_shell_can_eval(mwaactl: CommandLine) -> None:
    lines = mwaactl("emulator", "env", "--port", "4711").stdout.splitlines()

    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:4711" in lines
    assert "export MWAACTL_ENVIRONMENT=local" in lines
    assert "unset AWS_PROFILE" in lines
    assert all(line.startswith(("export ", "unset ")) for line in lines)


# mwaactl emulator logs
def test_logs_show_the_last_lines_of_every_log(mwaactl: CommandLine) -> None:
    mwaactl.write(".mwaactl/emulator/emulator.log", "one\ntwo\nthree\n")

    result = mwaactl("emulator", "logs", "-n", "2")

    path = mwaactl.root / ".mwaactl" / "emulator" / "emulator.log"
    assert result.stdout == f"==> {path} <==\ntwo\nthree\n\n"


# mwaactl emulator parity --json
def test_parity_is_printed_without_an_emulator(mwaactl: CommandLine) -> None:
    shown = mwaactl("emulator", "parity", "--json")

    found = json.loads(shown.stdout)
    assert shown.code == 0
    assert set(found["counts"]) == {"equal", "differs", "refused"}
    assert sum(found["counts"].values()) == len(found["rows"])
    assert mwaactl("emulator", "parity").stdout.startswith("Account, permissions, network\n  EQUAL ")
