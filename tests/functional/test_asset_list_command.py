from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine


def an_asset(name: str, **more: Any) -> dict[str, Any]:
    maker = {"dag_id": "marts", "task_id": f"{name}.check"}
    return {
        "id": 1,
        "name": name,
        "uri": f"s3://b/{name}/",
        "group": "asset",
        "producing_tasks": [maker],
    } | more


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    assert mwaactl("deploy").code == 0
    return mwaactl


# mwaactl asset list
def test_assets_are_listed_by_name_with_their_makers(deployed: CommandLine) -> None:
    event = {"id": 7, "timestamp": "2026-01-02T03:04:05Z"}
    deployed.aws.airflow.assets = [
        an_asset("mart.delays", scheduled_dags=[], last_asset_event=event),
        an_asset("lake.flights", consuming_dags=[{"dag_id": "marts"}], producing_tasks=[]),
    ]

    result = deployed("asset", "list")

    assert (result.code, result.stdout.splitlines()) == (
        0,
        [
            "ASSET         MADE BY  PUBLISHED            URI",
            "lake.flights  -        -                    s3://b/lake.flights/",
            "mart.delays   marts    2026-01-02 03:04:05  s3://b/mart.delays/",
        ],
    )
    first = json.loads(deployed("asset", "list", "--json").stdout)["assets"][0]
    assert (first["name"], first["schedules"], first["published_at"]) == ("lake.flights", ["marts"], None)


# mwaactl asset list
def test_an_environment_without_assets_says_so(deployed: CommandLine) -> None:
    assert deployed("asset", "list").stdout == "no assets\n"
