from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, override

import click
import pytest

from mwaactl.cli.compose import Composition
from mwaactl.cli.console import Console
from mwaactl.cli.failures import render_failure
from mwaactl.cli.invocation import Invocation
from mwaactl.cli.main import COMMANDS, cli, run
from mwaactl.cli.reference import render_reference
from mwaactl.errors import MwaactlError

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[3]
HEAVY = ("boto3", "botocore", "pydantic", "rich", "moto", "duckdb", "concurrent.futures")


def invocation(
    *, verbose: bool = False, as_json: bool = False
) -> tuple[Invocation, io.StringIO, io.StringIO]:
    stdout, stderr = io.StringIO(), io.StringIO()
    console = Console(environ={}, stdout=stdout, stderr=stderr)
    call = Invocation(Composition(environ={}), console, verbose=verbose, as_json=as_json)
    return call, stdout, stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from mwaactl.cli.main import main\n"
        "sys.argv = ['mwaactl', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("imported", "left_out"),
    [
        ("preparation", ("mwaactl.cli.deployed_assets", "mwaactl.project.infrastructure.check")),
        ("preparation", ("mwaactl.project.requirements.check", "typed_assets")),
        # What is brought back has been checked when it was deployed.
        ("restoring", ("mwaactl.cli.preparation", "mwaactl.project.gate", "typed_assets")),
    ],
)
def test_a_deployment_imports_nothing_of_what_it_leaves_out(imported: str, left_out: Sequence[str]) -> None:
    told = f"[name for name in {left_out!r} if name in sys.modules]"
    code = f"import sys, mwaactl.cli.{imported}, mwaactl.cli.execution\nprint({told})"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    context = click.Context(cli, info_name="mwaactl")
    command = cli.get_command(context, name)

    assert command is not None
    assert command.help


def test_an_unknown_command_is_a_usage_error() -> None:
    call, _, stderr = invocation()

    assert run(["deplyo"], call) == 2
    assert "No such command 'deplyo'" in stderr.getvalue()


def test_the_reference_page_is_current() -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")

    assert page == render_reference(), "run `python -m mwaactl.cli.reference > docs/reference/cli.md`"


def test_every_exit_code_is_documented() -> None:
    from mwaactl.cli import exit_codes

    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    codes = {value for value in vars(exit_codes).values() if isinstance(value, int)}

    assert codes == {0, 1, 2, 3, 130}
    assert all(f"\n| {code} | " in page for code in codes)


def test_an_interrupt_exits_130() -> None:
    call, _, stderr = invocation()

    assert render_failure(KeyboardInterrupt(), call) == 130
    assert stderr.getvalue() == "interrupted\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "--json", "--bogus"], "No such option '--bogus'."),
        (["--json", "deplyo"], "No such option '--json'."),
        (["release", "list", "-n", "0", "--json"], "Invalid value for '-n'"),
    ],
)
def test_a_usage_error_is_json_too_where_json_was_asked_for(arguments: list[str], said: str) -> None:
    call, stdout, stderr = invocation()

    assert run(arguments, call) == 2
    failure = json.loads(stdout.getvalue())
    assert (failure["code"], failure["hint"]) == ("usage", None)
    assert failure["error"].startswith(said)
    assert said in stderr.getvalue()


def test_an_interrupt_is_json_too_where_json_was_asked_for() -> None:
    call, stdout, _ = invocation(as_json=True)

    assert render_failure(KeyboardInterrupt(), call) == 130
    assert json.loads(stdout.getvalue())["code"] == "interrupted"


class _ClosedPipe(io.StringIO):
    @override
    def write(self, text: str, /) -> int:
        raise BrokenPipeError


def test_status_that_nobody_reads_stops_nothing() -> None:
    stdout = io.StringIO()
    call = Invocation(Composition(environ={}), Console(environ={}, stdout=stdout, stderr=_ClosedPipe()))

    call.console.status("half of it is done")
    assert run(["config", "schema"], call) == 0
    assert json.loads(stdout.getvalue())


def test_a_known_error_is_one_line_and_a_hint() -> None:
    call, stdout, stderr = invocation()

    assert render_failure(MwaactlError("it broke", hint="mend it"), call) == 1
    assert stderr.getvalue() == "error: it broke\n\nhint: mend it\n"
    assert stdout.getvalue() == ""


def test_an_error_steers_no_terminal() -> None:
    call, stdout, stderr = invocation(as_json=True)

    assert render_failure(MwaactlError("it \x1b[31mbroke:\r\n  été", hint="mend\x07 it"), call) == 1
    assert stderr.getvalue() == "error: it \\x1b[31mbroke:\\r\n  été\n\nhint: mend\\x07 it\n"
    assert json.loads(stdout.getvalue())["error"] == "it \x1b[31mbroke:\r\n  été"


def test_an_unexpected_error_is_one_line_and_says_how_to_see_more() -> None:
    call, _, stderr = invocation()

    assert render_failure(ZeroDivisionError("division by\nzero"), call) == 1
    assert stderr.getvalue() == (
        "error: unexpected ZeroDivisionError: division by zero\n\n"
        "hint: run `mwaactl -v …` for the traceback and report it with that\n"
    )


@pytest.mark.parametrize("verbose", [False, True])
def test_an_unexpected_error_is_json_too_where_json_was_asked_for(verbose: bool) -> None:  # noqa: FBT001
    call, stdout, _ = invocation(verbose=verbose, as_json=True)

    assert render_failure(ZeroDivisionError("division by zero"), call) == 1
    failure = json.loads(stdout.getvalue())
    assert (failure["code"], failure["error"]) == (
        "unexpected",
        "unexpected ZeroDivisionError: division by zero",
    )


def test_verbose_shows_the_traceback() -> None:
    call, _, stderr = invocation(verbose=True)
    try:
        int("x")
    except ValueError as error:
        code = render_failure(error, call)

    assert code == 1
    assert stderr.getvalue().startswith("Traceback (most recent call last):")


def test_config_schema_prints_json() -> None:
    call, stdout, _ = invocation()

    assert run(["config", "schema"], call) == 0
    assert '"properties"' in stdout.getvalue()


MAIN = "from mwaactl.cli.main import main\nmain()\n"


def in_bash(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in which `$0 -c "$1"` is mwaactl."""
    command = ["bash", "-c", script, sys.executable, MAIN]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_command_runs_its_course_where_an_output_is_closed(tmp_path: Path, closed: str) -> None:
    done = in_bash(f'"$0" -c "$1" config schema {closed}', tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["check", "--help"], ["release", "list", "-h"], ["config", "schema"]],
)
def test_a_command_whose_output_nobody_reads_ends_quietly(arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, *arguments], stdout=closed, stderr=subprocess.PIPE, check=False
        )

    assert (done.returncode, done.stderr) == (1, b"")


def test_an_exit_that_no_closed_output_explains_is_told() -> None:
    call, _, stderr = invocation()

    assert render_failure(SystemExit(1), call) == 1
    assert stderr.getvalue().startswith("error: unexpected SystemExit: 1\n")


def test_a_working_directory_that_is_gone_is_told(tmp_path: Path) -> None:
    done = in_bash('mkdir gone && cd gone && rmdir ../gone && "$0" -c "$1" check --json', tmp_path)
    assert (done.returncode, json.loads(done.stdout)["code"]) == (1, "config.not-found")
    assert done.stderr == (
        "error: the working directory does not exist any more\n\nhint: change into the project's folder\n"
    )
