from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.asset_answers import (
    Company,
    asset_answer,
    company,
    event_answer,
    instance_answer,
    run_answer,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.command_line import CommandLine


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    assert mwaactl("deploy").code == 0
    return mwaactl


@pytest.fixture(scope="module")
def made() -> Company:
    return company()


def fill(deployed: CommandLine, made: Company) -> None:
    airflow = deployed.aws.airflow
    airflow.assets = [asset_answer(made, *each, "3.3.1") for each in made.assets]
    airflow.events = [
        event_answer(made, each, "3.3.1") for each in reversed(made.attempts) if not each.failed
    ]
    other = {"dag_id": "other", "dag_run_id": "r", "task_id": "t", "state": "failed"}
    airflow.failed = [other, *(instance_answer(each) for each in reversed(made.attempts) if each.failed)]
    airflow.failed_runs = [run_answer(each, "3.3.1") for each in made.attempts if each.failed]


def data_in(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="catalogue-data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    value: dict[str, Any] = json.loads(found[1])
    return value


# mwaactl asset catalogue
def test_the_catalogue_is_one_file_with_what_airflow_answers(
    deployed: CommandLine, made: Company, tmp_path: Path
) -> None:
    fill(deployed, made)
    file = tmp_path / "assets.html"

    result = deployed("asset", "catalogue", "--out", str(file))

    assert (result.code, result.stdout) == (0, f"{file}: 11 assets, 2098 publications\n")
    data = data_in(file)
    assert [each["name"] for each in data["assets"]][:2] == ["lake.flights", "lake.weather_hourly"]
    assert [each["dag_id"] for each in data["task_instances"]] == ["ml_scoring", "flights_elt"]
    assert [each["partition_key"] for each in data["task_instances"]] == [None, "2026-03-13"]
    assert data["truncated"] is False
    newest = next(each for each in data["asset_events"] if each["asset_id"] == 1)
    oldest = [each for each in data["asset_events"] if each["asset_id"] == 1][-1]
    assert "checks" in newest["extra"]["typed_assets"]
    assert oldest["extra"]["typed_assets"].keys() >= {"rows", "seconds", "partition"}
    assert not oldest["extra"]["typed_assets"].keys() & {"checks", "contract"}


# mwaactl asset catalogue
def test_what_others_put_into_extras_stays_in_airflow(
    deployed: CommandLine, made: Company, tmp_path: Path
) -> None:
    fill(deployed, made)
    deployed.aws.airflow.assets[0]["extra"]["somebody"] = "internal-note"
    deployed.aws.airflow.events[0]["extra"]["somebody"] = "internal-note"
    deployed.aws.airflow.assets[1]["extra"]["typed_assets"]["description"] = "</script><b>bold</b>"
    file = tmp_path / "assets.html"

    result = deployed("asset", "catalogue", "--out", str(file), "--publications", "10", "--json")

    assert json.loads(result.stdout) == {"file": str(file), "assets": 11, "publications": 10}
    text = file.read_text(encoding="utf-8")
    assert "internal-note" not in text
    assert "<b>bold" not in text
    data = data_in(file)
    assert data["truncated"] is True
    assert data["assets"][1]["extra"]["typed_assets"]["description"] == "</script><b>bold</b>"


# mwaactl asset catalogue
def test_extras_of_any_form_are_told_or_left_out(
    deployed: CommandLine, made: Company, tmp_path: Path
) -> None:
    fill(deployed, made)
    airflow = deployed.aws.airflow
    airflow.assets[0]["extra"] = None
    airflow.assets[1]["extra"]["typed_assets"]["description"] = "half of a pair: \ud800"
    for event in airflow.events:
        event["extra"] = {"typed_assets": "mine"}
    file = tmp_path / "assets.html"

    assert deployed("asset", "catalogue", "--out", str(file)).code == 0
    data = data_in(file)
    assert [data["assets"][0]["extra"], data["asset_events"][0]["extra"]] == [{}, {}]
    assert data["assets"][1]["extra"]["typed_assets"]["description"] == "half of a pair: \ud800"


# mwaactl asset catalogue
def test_a_file_that_cannot_be_written_is_named(deployed: CommandLine, tmp_path: Path) -> None:
    result = deployed("asset", "catalogue", "--out", str(tmp_path / "no" / "assets.html"))

    assert result.code == 1
    assert "the catalogue cannot be written to `" in result.stderr
