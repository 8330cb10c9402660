"""An environment with a whole Airflow gets another version: what is in its database and its bucket stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.mwaa_account import environment_request, settled
from tests.fakes.waiting import eventually

pytestmark = [pytest.mark.whole, pytest.mark.timeout(1500)]

NAME, SECONDS = "upgraded", 600
DAG_FILE = """try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

dag = DAG("kept")
"""
VARIABLE = {"key": "kept", "value": "through it all"}
IN_PLACE = [("3.0.6", "3.3.1"), ("2.10.3", "2.11.2"), ("2.11.2", "3.2.1")]


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path)
    process.up()
    yield process
    process.down()


@pytest.mark.parametrize(("old", "new"), IN_PLACE)
def test_version_is_changed_in_place_and_variables_and_dags_stay(
    emulator: EmulatorProcess, old: str, new: str
) -> None:
    mwaa = emulator.aws("mwaa")
    request = environment_request(emulator.aws, NAME)
    emulator.aws("s3").put_object(Bucket=NAME, Key="dags/kept.py", Body=DAG_FILE.encode())
    mwaa.create_environment(**{**request, "AirflowVersion": old})
    settled(mwaa, NAME, SECONDS)
    rest(mwaa, "POST", "/variables", VARIABLE)
    assert eventually(lambda: rest(mwaa, "GET", "/dags/kept") is not None, 120)

    mwaa.update_environment(Name=NAME, AirflowVersion=new)
    after = settled(mwaa, NAME, SECONDS)

    assert (after["Status"], after["LastUpdate"]["Status"]) == ("AVAILABLE", "SUCCESS")
    assert after["AirflowVersion"] == new
    assert rest(mwaa, "GET", "/version")["version"] == new
    assert rest(mwaa, "GET", "/variables/kept")["value"] == VARIABLE["value"]
    assert eventually(lambda: rest(mwaa, "GET", "/dags/kept") is not None, 120)


def rest(mwaa: Any, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    given = {} if body is None else {"Body": body}
    try:
        return mwaa.invoke_rest_api(Name=NAME, Method=method, Path=path, **given).get("RestApiResponse")
    except mwaa.exceptions.RestApiClientException:
        return None
