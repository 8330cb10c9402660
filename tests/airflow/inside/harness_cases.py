"""What the harness promises to the tests that run inside Airflow."""

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import airflow
import pytest
from airflow.configuration import conf
from airflow.utils.session import create_session
from sqlalchemy import text


def test_it_is_the_version_that_was_asked_for() -> None:
    assert airflow.__version__ == os.environ["AIRFLOW_UNDER_TEST"]


def test_the_toolkit_is_not_there() -> None:
    found = [name for name in ("moto", "duckdb", "mwaactl", "hypothesis") if importlib.util.find_spec(name)]
    assert found == []


def test_airflows_own_packages_win_over_the_toolkits() -> None:
    import pluggy

    assert Path(str(pluggy.__file__)).is_relative_to(sys.prefix)
    assert not Path(pytest.__file__).is_relative_to(sys.prefix)


def test_plugins_and_dags_are_on_the_path() -> None:
    modules = [importlib.import_module(name) for name in ("nyc_flights", "typed_assets")]
    assert [Path(str(module.__file__)).parts[-3] for module in modules] == ["dags", "plugins"]


def test_the_database_is_migrated_and_holds_no_dag_of_examples() -> None:
    with create_session() as session:
        known = session.execute(text("SELECT dag_id FROM dag WHERE fileloc LIKE '%example_dags%'"))
        assert known.all() == []
    assert not conf.getboolean("core", "load_examples")


def test_the_bucket_and_the_workgroup_of_the_options_exist(aws: Callable[[str], Any]) -> None:
    aws("s3").head_bucket(Bucket=conf.get("pipelines", "data_bucket"))
    answer = aws("redshift-data").execute_statement(
        WorkgroupName=conf.get("pipelines", "warehouse_workgroup"),
        Database=conf.get("pipelines", "warehouse_database"),
        Sql="select 1",
    )
    assert answer["Id"]
