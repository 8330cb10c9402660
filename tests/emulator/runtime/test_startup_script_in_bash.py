"""What MWAA's startup script semantics come to in a real bash."""

import os
import time
from pathlib import Path

import pytest

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.startup_script import run_startup_script
from tests.fakes.waiting import ends

ENV = {"PATH": os.defpath, "MWAA_AIRFLOW_COMPONENT": "scheduler", "KEPT": "1"}


def run(script: str, cwd: Path, output: list[str] | None = None, limit: float = 20.0) -> dict[str, str]:
    sink: list[str] = [] if output is None else output
    return run_startup_script(script.encode(), ENV, cwd, sink.append, limit)


def test_only_exported_variables_survive(tmp_path: Path) -> None:
    assert run("export A=1\nB=2\nexport KEPT=1\n", tmp_path) == {"A": "1"}


def test_exported_value_may_have_lines_and_quotes(tmp_path: Path) -> None:
    assert run("export A=$'one\\ntwo \"x\"=y'\n", tmp_path) == {"A": 'one\ntwo "x"=y'}


def test_failing_command_does_not_stop_the_script(tmp_path: Path) -> None:
    assert run("export A=1\nfalse\nexport B=2\n", tmp_path) == {"A": "1", "B": "2"}


def test_exit_is_swallowed_and_ends_the_script(tmp_path: Path) -> None:
    assert run("export A=1\nexit 3\nexport B=2\n", tmp_path) == {"A": "1"}


def test_failing_command_after_set_e_fails_the_container(tmp_path: Path) -> None:
    with pytest.raises(HostFailure, match="code 1 before its variables could be read"):
        run("set -e\nexport A=1\nfalse\n", tmp_path)


def test_script_sees_the_component_it_runs_in(tmp_path: Path) -> None:
    script = (
        'if [[ "$MWAA_AIRFLOW_COMPONENT" != "webserver" ]]; then export FROM=$MWAA_AIRFLOW_COMPONENT; fi\n'
    )
    assert run(script, tmp_path) == {"FROM": "scheduler"}


def test_output_and_errors_are_published(tmp_path: Path) -> None:
    output: list[str] = []
    run("echo hello\necho trouble >&2\n", tmp_path, output)
    assert output == ["hello\ntrouble\n"]


def test_script_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(HostFailure, match="did not finish within"):
        run("sleep 60 & echo $! > child\nwait\n", tmp_path, limit=1.0)
    assert time.monotonic() - started < 10
    assert ends(int((tmp_path / "child").read_text()))
