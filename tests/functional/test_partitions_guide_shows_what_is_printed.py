"""The guide's `mwaactl asset …` commands print what it shows."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.partitioned_airflow import PartitionedAirflow
from tests.unit.docs.pages import FENCE, ROOT
from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.catalogue import asset_extra
from typed_assets.spec.partitions import Daily, Hourly, Rollup

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

GUIDE = (ROOT / "docs" / "guides" / "partitions.md").read_text(encoding="utf-8")
BLOCKS = [match["text"] for match in FENCE.finditer(GUIDE) if match["text"].startswith("$ mwaactl asset ")]
HOURS = Hourly(start=datetime(2013, 1, 1, tzinfo=UTC))
WEATHER: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("weather.hourly", "weather_hourly", {"partitions": HOURS}),
    (
        "weather.daily",
        "weather_daily",
        {
            "partitions": Daily(start=date(2013, 1, 1)),
            "upstream": (Dependency("weather.hourly", Rollup()),),
        },
    ),
)
GATE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("quality_gate.observations", "weather_quality_gate", {}),
    ("quality_gate.report", "weather_report", {"upstream": (Dependency("quality_gate.observations"),)}),
)


def shown(name: str, dag_id: str, members: dict[str, Any]) -> dict[str, Any]:
    uri = f"s3://{{data_bucket}}/lake/{name.replace('.', '/')}/"
    told = {"last_asset_event": {"id": 1, "timestamp": "2026-11-27T09:30:00Z"}} if "hourly" in name else {}
    return {
        "name": name,
        "uri": uri,
        "producing_tasks": [{"dag_id": dag_id, "task_id": "check"}],
        "extra": asset_extra(Asset(name=name, uri=uri, **members)),
        **told,
    }


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_guide_shows(mwaactl: CommandLine, block: str) -> None:
    command, _, output = block.removeprefix("$ ").partition("\n")
    assert mwaactl("deploy").code == 0
    airflow = PartitionedAirflow(
        assets=[shown(*each) for each in (GATE if "quality_gate" in command else WEATHER)]
    )
    airflow.add("weather_hourly", "partition__2013-01-01T00__1", "success", {"partition": "2013-01-01T00"})
    mwaactl.aws.environments.airflow = airflow

    result = mwaactl(*shlex.split(command)[1:])

    assert result.stderr + result.stdout == output


def test_the_guide_shows_every_command_of_the_group() -> None:
    assert [block.split()[3] for block in BLOCKS] == ["list", "backfill", "backfill", "materialize"]
