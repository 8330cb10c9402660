from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine


# mwaactl emulator status
def test_status_of_a_stopped_emulator_exits_1(mwaactl: CommandLine) -> None:
    result = mwaactl("emulator", "status")

    assert (result.code, result.stdout) == (1, "stopped: http://127.0.0.1:4577\n")


# mwaactl emulator status --json
def test_status_as_json(mwaactl: CommandLine) -> None:
    status = json.loads(mwaactl("emulator", "status", "--json").stdout)

    assert (status["running"], status["pid"]) == (False, None)
    assert status["endpoint_url"] == "http://127.0.0.1:4577"


# mwaactl emulator down
def test_down_with_nothing_running_is_done(mwaactl: CommandLine) -> None:
    result = mwaactl("emulator", "down")

    assert (result.code, result.stderr) == (0, "no emulator was running\n")


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
