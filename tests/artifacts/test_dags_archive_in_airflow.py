"""The archive that `--zero-window` deploys, read by the Airflow that MWAA runs."""

from pathlib import Path

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import read_bundle
from mwaactl.project.checks.dags_archive import dags_archive
from mwaactl.project.dags_zip import DagsArchive, zipped
from tests.artifacts.conftest import AIRFLOW_VERSION, ROOT, RunPython
from tests.fakes.shipped_dags import shipped_dags

IMPORTS = """
import importlib.resources
from airflow.sdk import DAG, task
from lib.tables import NAMES
from plain import mod
import helper
SQL = importlib.resources.files("lib").joinpath("load.sql").read_text()
"""
FILES = {
    "a.py": IMPORTS
    + """
with DAG("a"):
    @task
    def loads():
        from lib.later import FOUND
        return [FOUND, NAMES, mod.NAME, helper.NAME, SQL]
    @task
    def fails():
        import late
    loads() >> fails()
""",
    "b.py": "from airflow.sdk import DAG\nimport a\nb = DAG('b')\n",
    "helper.py": "NAME = 'helper'\n",
    "late.py": "NAME = 'late'\n",
    "lib/__init__.py": "",
    "lib/tables.py": "NAMES = ('t',)\n",
    "lib/later.py": "FOUND = 'later'\n",
    "lib/load.sql": "select 1",
    "plain/mod.py": "NAME = 'no init'\n",
    "team/c.py": "from airflow.sdk import DAG\nc = DAG('c')\n",
}
PARSE = """
import json
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
folder = Path(FOLDER)
bag = DagBag(str(folder), bundle_path=folder, bundle_name="dags", collect_dags=True)

def called(task):
    try:
        return bag.dags["a"].get_task(task).python_callable()
    except ImportError as error:
        return str(error)

print(json.dumps({
    "errors": bag.import_errors,
    "dags": {name: dag.relative_fileloc for name, dag in bag.dags.items()},
    "loads": called("loads") if "a" in bag.dags else None,
    "fails": called("fails") if "a" in bag.dags else None,
}))
"""


def packed(project: Path, into: Path) -> DagsArchive:
    archive = zipped("flights", read_bundle(project).dags)
    (into / "dags").mkdir(parents=True)
    (into / archive.key).write_bytes(archive.content)
    return archive


def test_airflow_reads_the_archive_as_its_check_says(tmp_path: Path, bare_airflow: RunPython) -> None:
    for name, text in FILES.items():
        path = tmp_path / "project" / "dags" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    checked = dags_archive(read_bundle(tmp_path / "project"), airflow_version(AIRFLOW_VERSION))
    assert [each.path for each in checked if each.severity == "error"] == ["dags/a.py", "dags/team/c.py"]
    archive = packed(tmp_path / "project", tmp_path / "bucket")
    found = bare_airflow(f"FOLDER = {str(tmp_path / 'bucket' / 'dags')!r}\n{PARSE}")
    assert found == {
        "errors": {},
        "dags": {"a": "flights.zip/a.py", "b": "flights.zip/b.py"},
        "loads": ["later", ["t"], "no init", "helper", "select 1"],
        "fails": "No module named 'late'",
    }
    assert tuple(archive.dags) == tuple(sorted(f"dags/{place}" for place in found["dags"].values()))


def test_the_flights_pipeline_works_as_an_archive(tmp_path: Path, bare_airflow: RunPython) -> None:
    checked = dags_archive(read_bundle(ROOT), airflow_version(AIRFLOW_VERSION))
    assert [each.path for each in checked] == ["dags"]
    archive = packed(ROOT, tmp_path / "bucket")
    found = bare_airflow(
        f"FOLDER = {str(tmp_path / 'bucket' / 'dags')!r}\n{PARSE}",
        AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
    )
    assert found["errors"] == {}
    assert sorted(found["dags"]) == shipped_dags()
    assert found["dags"]["nyc_flights_elt"] == "flights.zip/nyc_flights_elt.py"
    assert found["dags"]["tenant_n725mq"] == "flights.zip/tenants.py"
    defining = {f"dags/{place}" for place in found["dags"].values()}
    assert defining <= set(archive.dags) <= defining | {"dags/flights.zip/tenants_mistakes.py"}
