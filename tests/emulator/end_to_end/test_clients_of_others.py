"""Airflow's own provider for AWS, a client that nobody here wrote, on the running environment.

The DAG that it runs is in the bucket for this test only.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.project_copy import ProjectCopy
from tests.fakes.airflow_provider import provider_answers

pytestmark = pytest.mark.timeout(600)

ENVIRONMENT = "flights-local"
SOURCE = "flights-local-source-123456789012-us-east-1"
KEY = "dags/small.py"
SAID = "what the task said"
DAG = f"""from airflow.sdk import DAG, task

with DAG("small", schedule=None, is_paused_upon_creation=False):

    @task
    def say():
        print("{SAID}")

    say()
"""


@pytest.fixture(scope="module")
def small_dag(deployed: ProjectCopy) -> Iterator[str]:
    """A DAG of one task, known to Airflow; gone afterwards with its versions."""
    s3 = aws(deployed, "s3")
    s3.put_object(Bucket=SOURCE, Key=KEY, Body=DAG.encode())
    deadline = time.monotonic() + 90
    while not _is_known(deployed, "small"):
        assert time.monotonic() < deadline, "Airflow has not found the DAG"
        time.sleep(0.5)
    yield "small"
    for version in s3.list_object_versions(Bucket=SOURCE, Prefix=KEY)["Versions"]:
        s3.delete_object(Bucket=SOURCE, Key=KEY, VersionId=version["VersionId"])


@pytest.fixture(scope="module")
def answers(deployed: ProjectCopy, small_dag: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the provider's hook, operator, sensors and trigger of MWAA gave."""
    asked, folder = {"mwaa": [ENVIRONMENT, small_dag]}, tmp_path_factory.mktemp("airflow")
    try:
        return provider_answers(asked, deployed.exports(), folder)["mwaa"]
    except AssertionError as error:
        # MWAA gives Airflow ten seconds for an answer, which a busy machine may pass once.
        if "answered 504" not in str(error):
            raise
    return provider_answers(asked, deployed.exports(), folder)["mwaa"]


def test_mwaa_hook_operator_sensors_and_trigger_work(answers: Any, small_dag: str) -> None:
    assert (answers["started"], answers["sensed"], answers["triggered"]) == (200, [True, True], "success")
    assert {small_dag, "nyc_flights_elt"} <= set(answers["dags"])
    assert answers["version"] == "3.3.1"


def _is_known(project: ProjectCopy, dag_id: str) -> bool:
    try:
        aws(project, "mwaa").invoke_rest_api(Name=ENVIRONMENT, Path=f"/dags/{dag_id}", Method="GET")
    except ClientError:
        return False
    return True
