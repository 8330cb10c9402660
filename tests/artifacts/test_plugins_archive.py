"""plugins.zip on a bare path, as MWAA unpacks it before it installs requirements."""

import io
import zipfile
from pathlib import Path

from mwaactl.project.bundle import read_bundle
from tests.artifacts.conftest import RunPython

ROOT = Path(__file__).parents[2]

LOAD = """
import json
from airflow import plugins_manager
from airflow.sdk import plugins_manager as sdk_plugins
_, errors = plugins_manager._get_plugins()
sdk_plugins.integrate_macros_plugins()
from airflow.sdk.execution_time import macros

class Ti:
    dag_id, task_id, run_id, try_number, map_index = "d", "t", "manual__1", 2, -1

class MappedTi(Ti):
    map_index = 3

names = [macros.flights_plugin.statement_name(each()) for each in (Ti, MappedTi)]
print(json.dumps({"errors": errors, "names": names}))
"""


def unpacked(target: Path) -> Path:
    """Unpack the archive that a deployment would upload."""
    plugins = read_bundle(ROOT).plugins
    assert plugins is not None
    with zipfile.ZipFile(io.BytesIO(plugins.content)) as archive:
        archive.extractall(target / "plugins")
    return target / "plugins"


def test_the_plugin_loads_names_statements_and_tells_mapped_task_instances_apart(
    bare_airflow: RunPython, tmp_path: Path
) -> None:
    folder = str(unpacked(tmp_path))
    found = bare_airflow(LOAD, AIRFLOW__CORE__PLUGINS_FOLDER=folder)
    assert found == {"errors": {}, "names": ["d.t#2 manual__1", "d.t[3]#2 manual__1"]}


def test_each_top_package_has_a_name_of_its_own() -> None:
    top = sorted(path.name for path in (ROOT / "plugins").iterdir() if not path.name.startswith((".", "__")))
    assert top == ["flights_plugin", "typed_assets", "typed_assets_plugin.py"]


def test_the_page_with_assets_goes_along_whole(tmp_path: Path) -> None:
    static = Path("typed_assets", "page", "static")
    shipped = {path.name for path in (unpacked(tmp_path) / static).rglob("*") if path.is_file()}
    assert shipped == {path.name for path in (ROOT / "plugins" / static).rglob("*") if path.is_file()}
    assert {"index.html", "main.js", "colours.css", "icon-dark.svg"} <= shipped
