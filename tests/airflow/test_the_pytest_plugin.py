from pathlib import Path

import pytest

from tests.airflow.inside_airflow import InsideAirflow
from tests.airflow.runtimes import VERSIONS

CASES = """
from pathlib import Path

def test_airflow_lives_in_a_folder_of_its_own(services):
    from airflow.configuration import conf
    from airflow.sdk import DAG, task
    from typed_assets.testing import run_dag

    home = Path(conf.get("database", "sql_alchemy_conn").removeprefix("sqlite:///")).parent
    assert home.name.startswith("typed-assets-airflow-")
    assert services.options["data_bucket"] == "data"
    with DAG("of_plugin", schedule=None) as dag:
        task(task_id="one")(lambda: 1)()
    assert run_dag(dag).values == {"one": 1}
    assert (home / "airflow.db").stat().st_size > 100_000
"""


@pytest.mark.whole
@pytest.mark.parametrize("version", VERSIONS)
def test_tests_get_an_airflow_home_and_leave_the_real_one_alone(version: str, tmp_path: Path) -> None:
    (tmp_path / "plugin_cases.py").write_text(CASES)
    cache = tmp_path / "cache"
    variables = {"PYTEST_ADDOPTS": "-p typed_assets.testing.plugin", "XDG_CACHE_HOME": str(cache)}
    real = InsideAirflow(version, tmp_path, variables)
    before = (real.environment["AIRFLOW_HOME"], (tmp_path / "airflow.db").read_bytes())
    results = real.pytest([str(tmp_path / "plugin_cases.py")])
    assert results.failures("plugin_cases.py") == []
    assert (str(tmp_path), (tmp_path / "airflow.db").read_bytes()) == before
    assert [path.name.startswith(f"airflow-{version}") for path in (cache / "typed-assets").iterdir()] == [
        True
    ]
