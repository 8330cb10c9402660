"""State of assets in tasks: the conditional write decides, and Airflow shows it from 3.3 on."""

from typing import Any

import boto3
import pytest
from airflow.configuration import conf
from airflow.sdk import DAG, Asset, get_current_context, task

from typed_assets.services import Services
from typed_assets.state import state
from typed_assets.testing import run_dag

ORDERS = Asset("kit.orders", uri="s3://bucket/orders")
OTHER = Asset("kit.other", uri="s3://bucket/other")


def services() -> Services:
    session: Any = boto3.session.Session()
    return Services(client=session.client, options={"data_bucket": conf.get("pipelines", "data_bucket")})


def moving(dag_id: str, asset: Asset) -> DAG:
    with DAG(dag_id, schedule=None) as dag:

        @task(outlets=[ORDERS])
        def move() -> Any:
            mark = state(asset)
            seen = mark.get()
            mark.compare_and_set(seen, seen.version + 1 if seen else 1)
            store = get_current_context().get("asset_state_store")
            return store[ORDERS].get("watermark") if store else "no store"

        move()
    return dag


def test_a_value_outlives_runs_and_airflow_shows_it(airflow_version: tuple[int, int]) -> None:
    shown = [run_dag(moving("kit_state", ORDERS)).values["move"] for _ in range(2)]
    kept = state(ORDERS, services=services()).get()
    assert kept is not None
    assert kept.value == 2
    assert shown == ([1, 2] if airflow_version >= (3, 3) else ["no store"] * 2)


@pytest.mark.newest
def test_the_value_of_an_asset_that_is_no_outlet_is_kept_and_not_shown(
    airflow_version: tuple[int, int],
) -> None:
    result = run_dag(moving("kit_state_of_other", OTHER))
    assert result.state == "success"
    kept = state("kit.other", services=services()).get()
    assert kept is not None
    assert kept.value == 1
    assert result.values["move"] == (2 if airflow_version >= (3, 3) else "no store")
