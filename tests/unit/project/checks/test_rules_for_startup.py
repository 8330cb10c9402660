from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding, Rule
from mwaactl.project.checks.startup_errexit import startup_errexit
from mwaactl.project.checks.startup_protected import startup_protected
from mwaactl.project.checks.startup_syntax import StartupSyntax

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
type Judge = Callable[[Rule, str], list[Finding]]
VERSION = airflow_version("3.3.1")


@pytest.fixture
def judge(bundle_of: MakeBundle) -> Judge:
    return lambda rule, script: list(rule(bundle_of({"startup/startup.sh": script}), VERSION))


@pytest.mark.parametrize("rule", [startup_errexit, startup_protected, StartupSyntax()])
def test_no_script_is_no_problem(bundle_of: MakeBundle, rule: Rule) -> None:
    assert not list(rule(bundle_of({"dags/a.py": ""}), VERSION))


@pytest.mark.parametrize("rule", [startup_errexit, startup_protected, StartupSyntax()])
def test_an_honest_script_passes(judge: Judge, rule: Rule) -> None:
    script = '#!/bin/bash\nif [ "$MWAA_AIRFLOW_COMPONENT" != webserver ]; then\n  export MY_VAR="a"\nfi\n'
    assert judge(rule, script) == []


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("export AIRFLOW_HOME=/tmp\n", 1),
        ("x=1\n  export PYTHONPATH\n", 2),
        ("export A=1 AWS_REGION=eu-west-1\n", 1),
        ("true && export ECS_X=1\n", 1),
        ("declare -x AIRFLOW__CORE__FERNET_KEY=k\n", 1),
        ("if true; then export JWT_PUBLIC_KEY=k; fi\n", 1),
    ],
)
def test_an_export_without_effect_is_found(judge: Judge, script: str, line: int) -> None:
    (found,) = judge(startup_protected, script)
    assert (found.rule, found.line) == ("startup-protected", line)


@pytest.mark.parametrize(
    "script",
    ["echo $AIRFLOW_HOME\n", "# export AIRFLOW_HOME=1\n", "export X=$AIRFLOW_HOME\n", "export PATH=/x\n"],
)
def test_reading_a_protected_variable_is_allowed(judge: Judge, script: str) -> None:
    assert judge(startup_protected, script) == []


@pytest.mark.parametrize("script", ["set -e\n", "set -euo pipefail\n", "set -o errexit\n", "x=1; set -xe\n"])
def test_stopping_at_a_failing_command_is_a_warning(judge: Judge, script: str) -> None:
    (found,) = judge(startup_errexit, script)
    assert found.severity == "warning"


@pytest.mark.parametrize(
    "script", ["set -x\n", "# set -e\n", "echo set -e\n", "set +e\n", "set -uo pipefail\n"]
)
def test_other_settings_pass(judge: Judge, script: str) -> None:
    assert judge(startup_errexit, script) == []


def test_a_script_that_bash_cannot_parse_is_found_with_its_line(judge: Judge) -> None:
    (found,) = judge(StartupSyntax(), "true\nif true; then\n  echo )\nfi\n")
    assert (found.severity, found.line) == ("error", 3)
    assert found.message.startswith("is not a bash script: syntax error")


def test_windows_line_ends_are_found(judge: Judge) -> None:
    found = judge(StartupSyntax(), "export A=1\r\n")
    assert "Windows line ends" in found[0].message


def test_a_script_is_parsed_and_never_run(judge: Judge, bundle_of: MakeBundle) -> None:
    root = bundle_of({}).root
    assert judge(StartupSyntax(), f"touch {root}/ran\n") == []
    assert not (root / "ran").exists()


def test_without_bash_nothing_is_claimed(judge: Judge) -> None:
    with pytest.raises(ProjectError, match="there is no `bash-of-nowhere`"):
        judge(StartupSyntax("bash-of-nowhere"), "true\n")
