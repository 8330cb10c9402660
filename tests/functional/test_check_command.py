from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.fakes.command_line import CONFIGURATION
from tests.fakes.in_memory_gate import ABSENT

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

TRACE = 'Traceback (most recent call last):\n  File "dags/flights.py", line 3, in <module>\nNameError: no x\n'


@pytest.fixture(autouse=True)
def flights_are_parsed(mwaactl: CommandLine) -> None:
    dag = {"id": "flights", "tasks": 0, "times": 1, "notable": []}
    mwaactl.checks.driver.found["flights.py"] = {"dags": [dag], "seconds": 0.1}


def break_flights(mwaactl: CommandLine) -> None:
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": TRACE}]}
    mwaactl.checks.ruff["dags/tables.py"] = ("AIR301", 1, "`x` is removed in Airflow 3.0")


# mwaactl check
def test_a_project_in_order_is_told_in_one_line(mwaactl: CommandLine) -> None:
    result = mwaactl("check")
    assert (result.code, result.stdout) == (0, "no findings: 1 DAG in 1 file\n")
    assert result.stderr.splitlines() == [
        "trying requirements.txt out",
        "preparing the packages of Airflow 3.3.1",
        "starting Airflow 3.3.1",
        "parsing 1 of 1 DAG files",
    ]


# mwaactl check; mwaactl check
def test_the_second_time_nothing_is_run_but_ruff(mwaactl: CommandLine) -> None:
    mwaactl("check")
    mwaactl.checks.runs.clear()
    result = mwaactl("check")
    assert (result.stdout, result.stderr) == ("no findings: 1 DAG in 1 file, 1 known from before\n", "")
    assert mwaactl.checks.runs == ["ruff"]
    assert len(mwaactl.checks.driver.parsed) == 1


# mwaactl check --no-cache
def test_no_cache_parses_again(mwaactl: CommandLine) -> None:
    mwaactl("check")
    assert mwaactl("check", "--no-cache").stdout == "no findings: 1 DAG in 1 file\n"


# mwaactl check
def test_findings_come_with_file_line_rule_and_remedy_and_errors_fail(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    result = mwaactl("check")
    assert result.code == 1
    assert result.stdout == dedent("""\
        dags/flights.py:3: error: cannot be imported: NameError: no x [dag-import-error]
        dags/tables.py:1: warning: `x` is removed in Airflow 3.0 [AIR301]
        1 error and 1 warning: 0 DAGs in 1 file
    """)


# mwaactl check
def test_warnings_alone_do_not_fail(mwaactl: CommandLine) -> None:
    mwaactl.checks.ruff["dags/tables.py"] = ("AIR002", 1, "no schedule")
    assert mwaactl("check").code == 0


# mwaactl check --static
def test_static_asks_neither_airflow_nor_a_registry(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    result = mwaactl("check", "--static")
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout == ("dags/tables.py:1: warning: `x` is removed in Airflow 3.0 [AIR301]\n1 warning\n")
    assert mwaactl.checks.runs == ["ruff"]
    assert mwaactl.checks.driver.parsed == []


# mwaactl check
def test_requirements_that_cannot_be_installed_fail_and_the_dags_are_parsed_all_the_same(
    mwaactl: CommandLine,
) -> None:
    mwaactl.write("requirements/requirements.txt", "no-such-package==1.0\n")
    result = mwaactl("check")
    assert result.code == 1
    assert "requirements/requirements.txt:1: error: `no-such-package==1.0` has no file" in result.stdout
    assert "requirements-runtime" not in result.stdout
    assert mwaactl.checks.driver.parsed == [["flights.py"]]
    assert ABSENT not in result.stdout


# mwaactl check
def test_a_syntax_error_is_told_once(mwaactl: CommandLine) -> None:
    mwaactl.write("dags/flights.py", "# airflow DAG\ndef (:\n")
    text = TRACE.replace("line 3", "line 2").replace("NameError: no x", "SyntaxError: invalid syntax")
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": text}]}
    assert mwaactl("check").stdout == (
        "dags/flights.py:2: error: is not Python 3.12: invalid syntax [python-syntax]\n"
        "1 error: 0 DAGs in 1 file\n"
    )


# mwaactl check
def test_what_ruff_knows_about_a_failing_import_is_its_hint(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    mwaactl.checks.ruff = {"dags/flights.py": ("AIR301", 3, "`x` is removed in Airflow 3.0")}
    assert mwaactl("check").stdout == dedent("""\
        dags/flights.py:3: error: cannot be imported: NameError: no x [dag-import-error]
          hint: `x` is removed in Airflow 3.0 (AIR301)
        1 error: 0 DAGs in 1 file
    """)


# mwaactl check
def test_what_is_left_out_is_listed_once(mwaactl: CommandLine) -> None:
    mwaactl.write("dags/.env", "A=1\n")
    result = mwaactl("check")
    assert result.stderr.count("left out 1 file or folder") == 1
    assert "dags/.env" in result.stderr


# mwaactl check --json
def test_json_has_findings_and_dags(mwaactl: CommandLine) -> None:
    data = json.loads(mwaactl("check", "--json").stdout)
    assert data == {
        "findings": [],
        "failed": False,
        "dags": [{"id": "flights", "path": "dags/flights.py"}],
        "infrastructure": None,
        "skipped": [],
    }
    assert json.loads(mwaactl("check", "--json", "--static").stdout)["dags"] is None


# mwaactl check --format github
def test_annotations_are_all_of_stdout_and_the_text_is_beside(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    result = mwaactl("check", "--format", "github")
    assert result.code == 1
    assert result.stdout == (
        "::error file=dags/flights.py,title=mwaactl dag-import-error,line=3::"
        "cannot be imported: NameError: no x\n"
        "::warning file=dags/tables.py,title=mwaactl AIR301,line=1::`x` is removed in Airflow 3.0\n"
    )
    assert "dags/flights.py:3: error:" in result.stderr


# mwaactl check --format github
def test_annotations_begin_at_the_workspace(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    mwaactl.environ["GITHUB_WORKSPACE"] = str(mwaactl.root.parent)
    annotation = mwaactl("check", "--format", "github").stdout.splitlines()[0]
    assert annotation.startswith(f"::error file={mwaactl.root.name}/dags/flights.py,")


# mwaactl check --format sarif --sarif found.sarif
def test_sarif_goes_to_stdout_and_to_a_file(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    file = mwaactl.root / "found.sarif"
    result = mwaactl("check", "--format", "sarif", "--sarif", str(file))
    log = json.loads(result.stdout)
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["dag-import-error", "AIR301"]
    assert json.loads(file.read_text()) == log


# mwaactl check --format xml
@pytest.mark.parametrize("words", [("--format", "xml"), ("--parse-budget", "0"), ("--fast",)])
def test_what_is_not_an_option_is_a_usage_error(mwaactl: CommandLine, words: tuple[str, ...]) -> None:
    assert mwaactl("check", *words).code == 2


# mwaactl check
def test_a_name_of_a_later_airflow_is_told_once_and_is_the_hint_of_the_failing_import(
    mwaactl: CommandLine,
) -> None:
    mwaactl.write("mwaactl.toml", f'{CONFIGURATION}airflow_version = "3.0.6"\n')
    mwaactl.write(
        "dags/flights.py", "import tables\nfrom airflow.sdk import DAG\nfrom airflow.sdk import DayWindow\n"
    )
    text = TRACE.replace("NameError: no x", "ImportError: cannot import name 'DayWindow' from 'airflow.sdk'")
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": text}]}
    error, hint, *_ = mwaactl("check").stdout.splitlines()
    assert error.endswith("ImportError: cannot import name 'DayWindow' from 'airflow.sdk' [dag-import-error]")
    assert hint.startswith("  hint: `airflow.sdk.DayWindow` needs Airflow 3.3; the environment has 3.0.6; ")
    assert "[later-feature]" not in mwaactl("check").stdout


# mwaactl check
def test_what_cannot_be_kept_is_told_all_the_same(mwaactl: CommandLine) -> None:
    mwaactl.write(".mwaactl/checks/parsed", "a file where a folder should be\n")
    result = mwaactl("check")
    assert (result.code, result.stdout) == (0, "no findings: 1 DAG in 1 file\n")
    assert result.stderr.splitlines()[-1] == ("what was found is not kept for the next time: File exists")


# mwaactl check --sarif no/such/folder.sarif
@pytest.mark.parametrize("words", [(), ("--json",), ("--format", "json")])
def test_a_file_that_cannot_be_written_is_named(mwaactl: CommandLine, words: tuple[str, ...]) -> None:
    file = mwaactl.root / "no" / "folder.sarif"
    result = mwaactl("check", "--sarif", str(file), *words)
    said = f"`{file}` cannot be written: No such file or directory"
    assert (result.code, f"error: {said}" in result.stderr) == (1, True)
    assert (json.loads(result.stdout)["error"] if words else result.stdout) == (said if words else "")


# mwaactl check --json
@pytest.mark.parametrize("before", [(), ("--format", "xml"), ("--static", "--deployed"), ("-e", "none")])
@pytest.mark.parametrize("words", [("--fast", "--json"), ("--json", "--parse-budget", "0")])
def test_json_is_all_of_stdout_where_options_are_wrong(
    mwaactl: CommandLine, before: tuple[str, ...], words: tuple[str, ...]
) -> None:
    result = mwaactl("check", *before, *words)
    error = json.loads(result.stdout)
    assert (result.code, error["code"], error["hint"]) == (2, "usage", None)
    assert f"Error: {error['error']}" in " ".join(result.stderr.split())


# mwaactl check --json
@pytest.mark.parametrize(
    "content", ["", "project = 1\n", "x = [\n", f"x = {'[' * 5000}\n", "a.b.c = 1\n", "\0"]
)
@pytest.mark.parametrize("words", [("--json",), ("--format", "json")])
def test_json_tells_what_is_wrong_with_the_configuration(
    mwaactl: CommandLine, content: str, words: tuple[str, ...]
) -> None:
    mwaactl.write("mwaactl.toml", content)
    result = mwaactl("check", *words)
    error = json.loads(result.stdout)
    assert (result.code, error["code"].partition(".")[0]) == (1, "config")
    assert "unexpected" not in result.stderr


# mwaactl check; mwaactl check --format github
def test_what_a_file_has_made_up_commands_neither_a_terminal_nor_a_workflow(mwaactl: CommandLine) -> None:
    name = "a\n::add-mask::b\x1b[2J\r"
    access = {"kind": "variable", "what": name, "path": "dags/flights.py", "line": 3}
    mwaactl.checks.driver.found["flights.py"]["accesses"] = [access]
    result = mwaactl("check")
    assert result.stdout.startswith(
        "dags/flights.py:3: warning: reads the Airflow variable `a ::add-mask::b\\x1b[2J ` while"
    )
    result = mwaactl("check", "--format", "github")
    assert not any(line.startswith("::add") for line in (result.stdout + result.stderr).splitlines())
    assert len(result.stdout.splitlines()) == 1


HOSTILE = {
    "bom.py": b"\xef\xbb\xbffrom airflow.sdk import DAG\nDAG('bom')\n",
    "crlf.py": b"from airflow.sdk import DAG\r\nDAG('crlf')\r\n",
    "latin.py": b"from airflow.sdk import DAG\nDAG('\xe9')\n",
    "comment.py": b"# \xe9\nfrom airflow.sdk import DAG\nDAG('comment')\n",
    "cookie.py": b"# coding: latin-1\n# \xe9\nfrom airflow.sdk import DAG\nDAG('cookie')\n",
    "unknown.py": b"# coding: nonsense\nfrom airflow.sdk import DAG\n",
    "null.py": b"from airflow.sdk import DAG\nX = '\0'\n",
    "empty.py": b"",
    "attributes.py": b"from airflow.sdk import DAG\nX = DAG" + b".x" * 900 + b"\n",
    "sum.py": b"from airflow.sdk import DAG\nif "
    + b"1+" * 900
    + b"1:\n    from airflow.sdk import DayWindow\n",
    "deep.py": b"from airflow.sdk import DAG\nX = " + b"-" * 20_000 + b"1\n",
    "nested.py": b"from airflow.sdk import DAG\nX = " + b"[" * 20_000 + b"]" * 20_000 + b"\n",
    "long.py": b"from airflow.sdk import DAG\nX = '" + b"x" * 5_000_000 + b"'\n",
    "unfinished.py": b"from airflow.sdk import DAG\nX = '''\n",
    "tabs.py": b"from airflow.sdk import DAG\nif DAG:\n\tX = 1\n        Y = 2\n",
    "feed.py": b"from airflow.sdk import DAG\n\x0cX = '\\d'\n",
}


# mwaactl check
@pytest.mark.parametrize("folder", ["dags", "plugins"])
def test_no_content_of_a_file_is_too_much_for_the_rules(mwaactl: CommandLine, folder: str) -> None:
    for name, content in HOSTILE.items():
        (mwaactl.root / folder).mkdir(exist_ok=True)
        (mwaactl.root / folder / name).write_bytes(content)
    (mwaactl.root / folder / "folder.py").mkdir()
    (mwaactl.root / folder / "folder.py" / "loop").symlink_to(mwaactl.root / folder)
    (mwaactl.root / folder / "self.py").symlink_to("self.py")
    result = mwaactl("check", "--static", "--json")
    found = json.loads(result.stdout)["findings"]
    told = {each["path"]: each["severity"] for each in found if each["rule"] == "python-syntax"}
    assert told == {
        f"{folder}/{name}": severity
        for name, severity in (
            ("latin.py", "error"),
            ("unknown.py", "error"),
            ("null.py", "error"),
            ("deep.py", "warning"),
            ("nested.py", "error"),
            ("unfinished.py", "error"),
            ("tabs.py", "error"),
        )
    }
    assert [each["reason"] for each in json.loads(result.stdout)["skipped"]] == [
        "is a link to nothing",
        "is a link to something that is not a file",
    ]


# mwaactl --config elsewhere/mwaactl.toml check
def test_a_project_is_found_through_a_link(
    mwaactl: CommandLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(mwaactl.root)
    mwaactl.checks.ruff["dags/tables.py"] = ("AIR002", 1, "no schedule")
    result = mwaactl("--config", str(link / "mwaactl.toml"), "check", "--static")
    assert (result.code, result.stdout) == (0, "dags/tables.py:1: warning: no schedule [AIR002]\n1 warning\n")


# mwaactl check
def test_what_a_file_reaches_for_is_told_once(mwaactl: CommandLine) -> None:
    mwaactl.write(
        "dags/flights.py", "from airflow.sdk import DAG, Variable\nDAG('f')\nS = Variable.get('s')\n"
    )
    access = {"kind": "variable", "what": "s", "path": "dags/flights.py", "line": 3}
    mwaactl.checks.driver.found["flights.py"]["accesses"] = [access]
    assert mwaactl("check").stdout == dedent("""\
        dags/flights.py:3: warning: reads the Airflow variable `s` while it is imported [dag-variable]
          hint: use the template `{{ var.value.s }}`, or read it in a task
        1 warning: 1 DAG in 1 file
    """)
    assert "[import-effect]" in mwaactl("check", "--static").stdout


# mwaactl check
def test_a_runtime_that_is_there_is_used_where_nothing_can_be_written(mwaactl: CommandLine) -> None:
    mwaactl.write("requirements/requirements.txt", "")
    mwaactl("check")
    checks = mwaactl.root / ".mwaactl" / "checks"
    for lock in checks.glob(".*.lock"):
        lock.unlink()
    [runtime] = checks.glob("airflow-*")
    (checks / f".{runtime.name}.lock").mkdir()
    assert mwaactl("check", "--no-cache").stdout == "no findings: 1 DAG in 1 file\n"
