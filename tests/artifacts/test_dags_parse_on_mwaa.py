"""The DAG folder, read by the Airflow that MWAA runs, before any requirement is installed."""

from pathlib import Path
from typing import Any

import pytest

from tests.artifacts.conftest import RunPython, run_bare

ROOT = Path(__file__).parents[2]

PARSE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1] if len(sys.argv) > 1 else FOLDER, bundle_name="dags", collect_dags=True)
print(json.dumps({
    "errors": bag.import_errors,
    "files": sorted(stat.file.rpartition("/")[2] for stat in bag.dagbag_stats),
    "dags": {
        name: {
            "tasks": {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks},
            "assets": sorted(asset.name for task in dag.tasks for asset in task.outlets),
            "catchup": dag.catchup, "active": dag.max_active_runs, "documented": bool(dag.doc_md),
            "unlimited": [t.task_id for t in dag.tasks if t.execution_timeout is None],
            "once": [t.task_id for t in dag.tasks if not t.retries],
        } for name, dag in bag.dags.items()
    },
}))
"""


@pytest.fixture(scope="module")
def parsed(
    airflow_environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, object]]:
    """What the DAG folder holds, by Airflow's own account."""
    folder = tmp_path_factory.mktemp("parsed")
    script = "import sys\nFOLDER = " + repr(str(ROOT / "dags")) + "\nsys.path.insert(0, FOLDER)\n" + PARSE
    found: dict[str, dict[str, object]] = run_bare(
        airflow_environment, folder, script, AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins")
    )
    return found


def test_every_dag_file_imports_without_requirements_and_options(parsed: dict[str, object]) -> None:
    assert parsed["errors"] == {}
    assert parsed["files"] == [
        "api_ingest.py",
        "delay_model.py",
        "flights_by_file.py",
        "flights_incremental.py",
        "landing_router.py",
        "nyc_flights_elt.py",
        "reverse_etl.py",
        "tenants.py",
        "tenants_mistakes.py",
        "warehouse_migration.py",
        "weather_quality_gate.py",
        "weather_rollup.py",
    ]


def test_every_dag_is_documented_and_no_task_runs_for_ever(parsed: dict[str, dict[str, Any]]) -> None:
    dags = parsed["dags"]

    assert len([name for name in dags if name.startswith("tenant_")]) == 200
    assert [name for name, dag in dags.items() if not dag["documented"] or dag["catchup"]] == []
    assert {name: dag["unlimited"] for name, dag in dags.items() if dag["unlimited"]} == {
        "delay_model": ["approve"]  # a person has three days, which is another limit
    }
    assert {name: dag["once"] for name, dag in dags.items() if dag["once"]} == {"nyc_flights_elt": ["audit"]}


def test_the_flights_pipeline_is_what_its_documentation_says(parsed: dict[str, dict[str, object]]) -> None:
    assert parsed["dags"]["nyc_flights_elt"] == {
        "tasks": {
            "await_landing": ["plan_tables"],
            "plan_tables": ["normalise"],
            "normalise": ["audit", "load_raw"],
            "load_raw": ["build_marts"],
            "build_marts": ["audit"],
            "audit": ["publish"],
            "publish": ["unload_summary"],
            "unload_summary": [],
        },
        "assets": [
            "nyc_flights.lake.delay_by_carrier",
            "nyc_flights.mart.delay_by_carrier",
            "nyc_flights.mart.delay_by_route",
            "nyc_flights.mart.delay_by_weather",
            "nyc_flights.raw.airlines",
            "nyc_flights.raw.airports",
            "nyc_flights.raw.flights",
            "nyc_flights.raw.planes",
            "nyc_flights.raw.weather",
        ],
        "catchup": False,
        "active": 1,
        "documented": True,
        "unlimited": [],
        "once": ["audit"],
    }


def test_a_missing_option_is_named_when_it_is_needed(bare_airflow: RunPython) -> None:
    message = bare_airflow(
        f"""
import json, sys
sys.path.insert(0, {str(ROOT / "dags")!r})
from nyc_flights import options
try:
    options.required("data_bucket")
except options.OptionMissingError as error:
    print(json.dumps(str(error)))
"""
    )
    assert "lacks `pipelines.data_bucket`" in message
    assert "AIRFLOW__PIPELINES__DATA_BUCKET" in message


def test_options_come_from_airflows_configuration(bare_airflow: RunPython) -> None:
    found = bare_airflow(
        f"""
import json, sys
sys.path.insert(0, {str(ROOT / "dags")!r})
from nyc_flights import options
print(json.dumps([options.required("data_bucket"), options.max_rejected_share()]))
""",
        AIRFLOW__PIPELINES__DATA_BUCKET="b",
        AIRFLOW__PIPELINES__MAX_REJECTED_SHARE="0.25",
    )
    assert found == ["b", 0.25]
