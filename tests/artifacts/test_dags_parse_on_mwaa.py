"""The DAG folder, read by the Airflow that MWAA runs, before any requirement is installed."""

from pathlib import Path
from typing import Any

import pytest

from tests.artifacts.conftest import run_bare

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
    assert {name: dag["once"] for name, dag in dags.items() if dag["once"]} == {
        "delay_model": ["approve"]  # a person who has said no is not asked again
    }


def test_the_flights_pipeline_is_what_its_documentation_says(parsed: dict[str, dict[str, object]]) -> None:
    tables = ("airlines", "airports", "flights", "planes", "weather")
    marts = ("carrier", "route", "weather")
    assert parsed["dags"]["nyc_flights_elt"] == {
        "tasks": {
            "await_landing": ["plan_tables"],
            "plan_tables": ["normalise"],
            "normalise": ["raw.write"],
            "raw.write": [f"raw.check_nyc_flights__raw__{table}" for table in tables],
            **{
                f"raw.check_nyc_flights__raw__{table}": ["mart.write"] if table != "planes" else []
                for table in tables
            },
            "mart.write": [f"mart.check_nyc_flights__mart__delay_by_{mart}" for mart in marts],
            **{f"mart.check_nyc_flights__mart__delay_by_{mart}": ["unload_summary"] for mart in marts},
            "unload_summary": [],
        },
        "assets": [
            "nyc_flights.lake.delay_by_carrier",
            *(f"nyc_flights.mart.delay_by_{mart}" for mart in marts),
            *(f"nyc_flights.raw.{table}" for table in tables),
        ],
        "catchup": False,
        "active": 1,
        "documented": True,
        "unlimited": [],
        "once": [],
    }
