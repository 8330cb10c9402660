"""`mwaactl plan` says what a month costs where the environment begins, or is not of the configured size."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mwaactl.config.size import EnvironmentSize

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

SMALL = EnvironmentSize("mw1.small", 1, 2, 2, 2, 2)


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    """The small project, deployed to an environment of its size."""
    assert mwaactl("deploy").code == 0
    run_in(mwaactl, SMALL)
    return mwaactl


def run_in(mwaactl: CommandLine, size: EnvironmentSize | None) -> None:
    environments = mwaactl.aws.environments
    assert environments.environment is not None
    environments.environment = replace(environments.environment, size=size)


def configure(mwaactl: CommandLine, line: str) -> None:
    configuration = (mwaactl.root / "mwaactl.toml").read_text(encoding="utf-8")
    mwaactl.write("mwaactl.toml", configuration + line)


# mwaactl plan; mwaactl cost
def test_a_new_environment_costs_what_cost_says(mwaactl: CommandLine) -> None:
    told = json.loads(mwaactl("cost", "--json").stdout)

    planned = json.loads(mwaactl("plan", "--json").stdout)["cost"]

    assert planned["difference"] == planned["after"] == {"idle": told["idle"], "full": told["full"]}
    assert (planned["before"], planned["changed_by"]) == (None, "mwaactl deploy")
    shown = mwaactl("plan").stdout.splitlines()
    idle, full = float(told["idle"]), float(told["full"])
    assert (
        f"cost:  {idle:,.2f} USD a month when idle, {full:,.2f} when full at prices of us-west-2; "
        in shown[-1]
    )


# mwaactl plan
@pytest.mark.parametrize("size", [SMALL, None, replace(SMALL, environment_class="mw1.huge")])
def test_the_same_size_or_one_that_is_not_known_says_nothing(
    deployed: CommandLine, size: EnvironmentSize | None
) -> None:
    run_in(deployed, size)

    assert deployed("plan").stdout == "local: nothing to do\n"
    assert json.loads(deployed("plan", "--json").stdout)["cost"] is None


# mwaactl plan
def test_a_larger_class_costs_more(deployed: CommandLine) -> None:
    configure(deployed, 'environment_class = "mw1.medium"\n')

    planned = deployed("plan", "--check")

    # 730 hours: 0.74 for 0.49 dollars for the environment, 0.11 for 0.055 dollars for a second worker.
    assert planned.stdout == (
        "local: nothing to do\n"
        "cost:  +182.50 USD a month when idle, +222.65 when full at prices of us-west-2; "
        "`npx cdk deploy flights-local-environment` changes `environment_class` "
        "from mw1.small to mw1.medium\n"
    )
    assert planned.code == 0


# mwaactl plan --json
def test_fewer_workers_cost_less_and_json_names_each_setting(deployed: CommandLine) -> None:
    run_in(deployed, replace(SMALL, min_workers=3, max_workers=10))

    cost = json.loads(deployed("plan", "--json").stdout)["cost"]

    # 730 hours of 0.055 dollars: two workers fewer that always run, eight fewer that may.
    assert cost["difference"] == {"idle": "-80.30", "full": "-321.20"}
    assert cost["settings"] == {
        "min_workers": {"running": 3, "configured": 1},
        "max_workers": {"running": 10, "configured": 2},
    }
    assert cost["changed_by"] == "cdk deploy"


# mwaactl plan
def test_a_price_that_nobody_knows_is_named(deployed: CommandLine) -> None:
    configure(deployed, 'environment_class = "mw1.2xlarge"\n')

    # 730 hours of 3.96 instead of 0.49 dollars; what a second worker costs is not known.
    sums = "+2,533.10 USD a month when idle, +2,492.95 when full"
    assert f"cost:  {sums} at prices of us-west-2 without additional workers; " in deployed("plan").stdout
    assert json.loads(deployed("plan", "--json").stdout)["cost"]["not_known"] == ["additional workers"]
