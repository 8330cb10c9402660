"""`mwaactl cost` on the shipped configuration, and the guide that shows what it prints."""

from __future__ import annotations

import json
import shlex
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.unit.docs.pages import FENCE, ROOT

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

GUIDE = ROOT / "docs" / "guides" / "cost.md"


@pytest.fixture
def shipped(mwaactl: CommandLine) -> CommandLine:
    mwaactl.write("mwaactl.toml", (ROOT / "mwaactl.toml").read_text(encoding="utf-8"))
    return mwaactl


def shown() -> list[tuple[str, str]]:
    """Commands of the guide with what it says that they print."""
    blocks = [match["text"] for match in FENCE.finditer(GUIDE.read_text(encoding="utf-8"))]
    split = (
        block.removeprefix("$ ").partition("\n") for block in blocks if block.startswith("$ mwaactl cost")
    )
    return [(command, output) for command, _, output in split]


@pytest.mark.parametrize(("command", "output"), shown())
def test_the_guide_shows_what_is_printed(shipped: CommandLine, command: str, output: str) -> None:
    result = shipped(*shlex.split(command)[1:])

    assert (result.code, result.stderr) == (0, "")
    printed = result.stdout
    if "…" in output:
        beginning, _, end = output.partition("…\n")
        assert printed.startswith(beginning)
        assert printed.endswith(end)
    else:
        assert printed == output


def test_the_guide_shows_the_table_and_a_comparison() -> None:
    assert len(shown()) >= 2


def test_json_says_all_that_the_text_says(shipped: CommandLine) -> None:
    result = shipped("cost", "-e", "prod", "--json", "--rpu-hours", "12.5")

    data = json.loads(result.stdout)
    assert list(data) == [
        "environment",
        "region",
        "environment_class",
        "currency",
        "hours_per_month",
        "lines",
        "idle",
        "full",
        "not_known",
        "stand_ins",
        "prices",
        "assumptions",
        "not_included",
    ]
    for column in ("idle", "full"):
        assert Decimal(data[column]) == sum(Decimal(each[column]) for each in data["lines"])
    (computing,) = (each for each in data["lines"] if each["name"] == "warehouse, computing")
    assert computing == {
        "name": "warehouse, computing",
        "price": "0.375",
        "per": "RPU-hour",
        "price_of": "us-east-1",
        "idle_quantity": "0",
        "full_quantity": "12.5",
        "idle": "0.00",
        "full": "4.69",
    }
    assert data["assumptions"]["rpu_hours"] == "12.5"
    assert [each["region"] for each in data["prices"]] == data["stand_ins"]


def test_comparison_as_json_has_both_and_the_difference(shipped: CommandLine) -> None:
    data = json.loads(shipped("cost", "-e", "dev", "--compare", "prod", "--json").stdout)

    first, second = data["estimates"]
    assert (first["environment"], second["environment"]) == ("flights-dev", "flights-prod")
    assert Decimal(data["difference"]["full"]) == Decimal(second["full"]) - Decimal(first["full"])


def test_nothing_of_aws_is_asked(shipped: CommandLine) -> None:
    # The composition of these tests makes no way out for any environment but `local`.
    assert shipped("cost", "-e", "prod").code == 0
    assert shipped("release", "list", "-e", "prod").code == 1


@pytest.mark.parametrize("value", ["nan", "-1", "731", "many"])
def test_hours_that_no_month_has_are_a_usage_error(shipped: CommandLine, value: str) -> None:
    result = shipped("cost", "-e", "prod", "--hours", value)

    assert (result.code, result.stdout) == (2, "")
    assert "--hours" in result.stderr


def test_unknown_class_is_named_with_the_nearest(shipped: CommandLine) -> None:
    result = shipped("cost", "-e", "prod", "--environment-class", "mw1.larg")

    assert result.code == 1
    assert result.stderr == (
        "error: there is no environment class `mw1.larg`\n\nhint: did you mean `mw1.large`?\n"
    )


def test_unknown_price_is_said_in_place_of_an_amount(shipped: CommandLine) -> None:
    text = shipped("cost", "-e", "prod", "--environment-class", "mw1.xlarge").stdout

    assert "not known, and not in the total: additional workers\n" in text
    assert "\ntotal, at least " in text
