"""A hint that names a command, typed as it stands, works on the environment of the command before it."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mwaactl.config.size import EnvironmentSize
from tests.fakes.command_line import CONFIGURATION

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

# Whoever leaves `-e local` out meets dev, which the account in memory does not have.
TWO = (
    CONFIGURATION.replace('default_environment = "local"', 'default_environment = "dev"')
    + """
[environments.dev]
account = "123456789012"
region = "us-east-1"
"""
)


@pytest.fixture
def two(mwaactl: CommandLine) -> CommandLine:
    mwaactl.write("mwaactl.toml", TWO)
    return mwaactl


def test_a_hint_names_the_environment_that_the_command_line_names(two: CommandLine) -> None:
    two("deploy", "-e", "local")

    unknown = two("release", "show", "-e", "local", "zz")

    assert unknown.stderr.endswith("hint: `mwaactl release list -e local` shows the releases\n")
    assert two("release", "list", "-e", "local").code == 0


def test_a_hint_in_json_names_it_too(two: CommandLine) -> None:
    two("deploy", "--environment=local")

    unknown = json.loads(two("release", "show", "zz", "-e", "local", "--json").stdout)

    assert unknown["hint"] == "`mwaactl release list -e local` shows the releases"


def test_a_hint_names_the_configuration_that_the_command_line_names(two: CommandLine) -> None:
    file = str(two.root / "mwaactl.toml")
    two("--config", file, "deploy", "-e", "local")

    unknown = two("--config", file, "release", "show", "-e", "local", "zz")

    assert f"`mwaactl --config {file} release list -e local` shows" in unknown.stderr


def test_a_default_and_a_variable_hold_for_what_is_typed_next_and_stay_out_of_hints(
    mwaactl: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mwaactl("deploy")
    assert "`mwaactl release list` shows" in mwaactl("release", "show", "zz").stderr

    mwaactl.write("mwaactl.toml", TWO)
    monkeypatch.setenv("MWAACTL_ENVIRONMENT", "local")
    assert "`mwaactl release list` shows" in mwaactl("release", "show", "zz").stderr


def test_a_deployment_that_did_not_wait_names_the_one_that_verifies_it(two: CommandLine) -> None:
    written = two("deploy", "-e", "local", "--no-wait")

    assert written.stdout == (
        "local: written, not verified; run `mwaactl deploy -e local` again to verify and record it\n"
    )
    assert two("deploy", "-e", "local").code == 0


def test_a_plan_names_the_deployment_that_it_is_for(two: CommandLine) -> None:
    two("deploy", "-e", "local")
    two.write("dags/tables.py", "TABLES = (1,)\n")
    (two.root / "dags/flights.py").unlink()

    planned = two("plan", "-e", "local")

    assert "note:  `mwaactl deploy -e local` refuses this without `--allow-deletes`" in planned.stdout


def test_a_plan_that_names_a_cost_names_the_stack_and_the_environment_that_change_it(
    two: CommandLine,
) -> None:
    two.write("mwaactl.toml", TWO.replace("max_workers = 2", "max_workers = 3"))
    two("deploy", "-e", "local")
    running = two.aws.environments.environment
    assert running is not None
    size = EnvironmentSize("mw1.small", 1, 2, 2, 2, 2)
    two.aws.environments.environment = replace(running, size=size)

    planned = two("plan", "-e", "local")

    command = "npx cdk deploy flights-local-environment -c environment=local"
    assert f"; `{command}` changes `max_workers` from 2 to 3" in planned.stdout


def test_the_command_that_carries_a_kept_plan_out_reads_the_same_configuration(two: CommandLine) -> None:
    file = str(two.root / "mwaactl.toml")
    kept = str(two.root / "a plan.json")

    planned = two("--config", file, "plan", "-e", "local", "--out", kept)

    told = planned.stderr.rstrip().rpartition("carry it out with ")[2].strip("`")
    assert shlex.split(told) == ["mwaactl", "--config", file, "deploy", "-e", "local", "--plan", kept]
    assert two(*shlex.split(told)[1:]).code == 0


def test_a_hint_about_requirements_names_the_environment_they_are_locked_for(two: CommandLine) -> None:
    refused = two("requirements", "package", "-e", "local")

    assert "`mwaactl requirements lock -e local`" in refused.stderr


@pytest.mark.parametrize("options", [(), ("--zero-window", "--worker-replacement", "graceful")])
def test_a_plan_that_is_missing_or_no_longer_holds_is_made_by_the_command_that_is_told(
    two: CommandLine, options: tuple[str, ...]
) -> None:
    two("deploy", "-e", "local")
    deploying = ("deploy", "-e", "local", "--plan", str(two.root / "a plan.json"), *options)

    for code in ("plan.absent", "plan.moved"):
        refused = json.loads(two(*deploying, "--json").stdout)
        assert refused["code"] == code
        told = shlex.split(refused["hint"].split("`")[1])[1:]
        assert two(*told).code == 0
        if code == "plan.absent":
            two.write("dags/tables.py", "TABLES = (1,)\n")

    assert two(*deploying).code == 0


def test_the_cdk_is_given_the_environment_too(two: CommandLine) -> None:
    two("deploy", "-e", "local")
    two.write("requirements/requirements.txt", "cowsay==6.0\n")

    refused = two("deploy", "-e", "local", "--worker-replacement", "graceful")

    assert "run `npx cdk deploy flights-local-environment -c environment=local` once" in refused.stderr


# mwaactl deploy -e "$ENV", and ENV is not set
@pytest.mark.parametrize("command", [("deploy",), ("rollback",), ("release", "list")])
def test_an_option_that_is_empty_does_not_mean_the_default_environment(
    two: CommandLine, command: tuple[str, ...]
) -> None:
    result = two(*command, "-e", "")

    assert result.code == 2
    assert "it is empty; leave the option out to mean the default environment" in result.stderr
    assert not two.aws.bucket.writes
