from dataclasses import replace
from pathlib import Path

from mwaactl.project.airflow_parsing.variables import (
    Exports,
    content_variables,
    exports_of,
    handed_on,
    option_variable,
    place_variables,
)
from tests.fakes.scripted_driver import ENVIRONMENT

NONE = Exports({}, frozenset())


def test_an_option_becomes_a_variable() -> None:
    assert option_variable("core.default_task_retries") == "AIRFLOW__CORE__DEFAULT_TASK_RETRIES"
    assert option_variable("pipelines.data-bucket") == "AIRFLOW__PIPELINES__DATA_BUCKET"


def test_options_win_over_the_startup_script() -> None:
    environment = replace(ENVIRONMENT, airflow_config_options={"pipelines.stage": "prod"})
    exports = Exports({"AIRFLOW__PIPELINES__STAGE": "dev", "STAGE": "dev"}, frozenset())
    found = content_variables(environment, exports, {})
    assert found["AIRFLOW__PIPELINES__STAGE"] == "prod"
    assert found["STAGE"] == "dev"


def test_the_process_looks_like_mwaa_s_scheduler() -> None:
    found = content_variables(ENVIRONMENT, NONE, {})
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert found["AWS_EXECUTION_ENV"] == "Amazon_MWAA_331"
    assert found["MWAA_AIRFLOW_COMPONENT"] == "scheduler"
    assert found["AIRFLOW_ENV_NAME"] == "flights-dev"


def test_the_place_is_the_scratch_folder_whatever_options_say() -> None:
    found = place_variables(Path("/scratch"), Path("/runtime/bin/python"))
    assert found["AIRFLOW_HOME"] == "/scratch/airflow"
    assert found["AIRFLOW__CORE__DAGS_FOLDER"] == "/scratch/airflow/dags"
    assert found["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == "sqlite:////scratch/metadata.db"
    assert found["PATH"].startswith("/runtime/bin:")


def test_exports_are_read_and_not_run() -> None:
    script = b"""#!/bin/bash
# export COMMENTED=1
export STAGE=dev
export QUOTED="two words" # why
export SINGLE='$literal'
export COMPUTED=$(date)
export DERIVED="$STAGE/x"
UNEXPORTED=1
if [[ $MWAA_AIRFLOW_COMPONENT == worker ]]; then export INNER=yes; fi
export AIRFLOW_HOME=/elsewhere
export BROKEN="
"""
    found = exports_of(script)
    assert found.known == {"STAGE": "dev", "QUOTED": "two words", "SINGLE": "$literal", "INNER": "yes"}
    assert found.computed == {"COMPUTED", "DERIVED", "BROKEN"}


def test_only_airflow_variables_and_connections_are_handed_on() -> None:
    given = {
        "AIRFLOW_VAR_X": "1",
        "AIRFLOW_CONN_Y": "http://",
        "AIRFLOW__CORE__X": "2",
        "AWS_PROFILE": "prod",
    }
    assert handed_on(given) == {"AIRFLOW_VAR_X": "1", "AIRFLOW_CONN_Y": "http://"}
