"""A program that cannot be started is named, for whatever it was needed; what it starts ends with it."""

import os
import sys
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.infrastructure.program import run_program
from mwaactl.project.programs import end_program, start_program
from mwaactl.project.requirements.process import run_process
from tests.fakes.waiting import ends

PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


def test_a_program_that_is_missing_is_named_whatever_needs_it(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as refused:
        run_process(["no-such-uv"], cwd=tmp_path, environ={}, timeout=1)

    assert refused.value.message == "`no-such-uv` cannot be started: No such file or directory"
    # `make` alone lists its targets, and a project of one's own has no Makefile.
    assert refused.value.hint == "install it and have it on the PATH; in a clone of mwaactl `make setup` does"
    assert run_program(["no-such-cdk"], cwd=tmp_path, environ={}).stderr == (
        "no-such-cdk: No such file or directory"
    )


def test_a_file_that_is_no_program_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "uv").write_text("")

    with pytest.raises(ProjectError, match="cannot be started: Permission denied"):
        run_process([str(tmp_path / "uv")], cwd=tmp_path, environ={}, timeout=1)


def test_what_a_program_has_started_ends_with_it(tmp_path: Path) -> None:
    process = start_program([sys.executable, "-c", PARENT], cwd=tmp_path, environ=os.environ)
    with process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        end_program(process)

    end_program(process)  # that it has ended already is no error
    assert process.returncode == -9
    assert ends(child)
