from dataclasses import replace
from pathlib import Path

import pytest

from mwaactl.emulator.mwaa.host import EnvironmentSpec
from mwaactl.emulator.runtime.environment_keys import EnvironmentKeys
from mwaactl.emulator.runtime.settings_of_airflow import (
    container_variables,
    database_variables,
    essential_variables,
    parses_apart,
)
from tests.fakes.environment_spec import environment_spec

KEYS = EnvironmentKeys(fernet="fernet-key", session="session-key", jwt="jwt-key")
AIRFLOW_3 = replace(environment_spec("flights"), log_levels={"Task": "INFO"}, web_url="http://localhost:4578")
AIRFLOW_2 = replace(AIRFLOW_3, airflow_version="2.10.3")


@pytest.mark.parametrize(
    ("spec", "variable"),
    [(AIRFLOW_2, "AIRFLOW__WEBSERVER__BASE_URL"), (AIRFLOW_3, "AIRFLOW__API__BASE_URL")],
)
def test_container_says_which_airflow_it_is_and_where_users_reach_it(
    spec: EnvironmentSpec, variable: str
) -> None:
    found = container_variables(spec, Path("/home"), {})
    assert found[variable] == "http://localhost:4578"
    assert len([name for name in found if name.endswith("__BASE_URL")]) == 1
    assert found["AWS_EXECUTION_ENV"] == f"Amazon_MWAA_{spec.airflow_version.replace('.', '')}"


def test_airflow_2_signs_in_by_the_emulators_own_view() -> None:
    found = essential_variables(AIRFLOW_2, KEYS, "postgresql://", 8080)
    assert found["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".FabAuthManager")
    assert Path(found["AIRFLOW__WEBSERVER__CONFIG_FILE"]).is_file()
    assert found["AIRFLOW__WEBSERVER__SECRET_KEY"] == "session-key"
    assert found["MWAACTL_SIGN_IN_SECRET"] == "jwt-key"
    assert not [name for name in found if name.startswith(("AIRFLOW__API", "AIRFLOW__EXECUTION_API"))]


def test_airflow_2_logs_as_mwaas_image_does() -> None:
    found = essential_variables(AIRFLOW_2, KEYS, "postgresql://", 8080)
    module, _, member = found["AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS"].partition(".")
    text = Path(found["PYTHONPATH"], f"{module}.py").read_text(encoding="utf-8")
    assert f"\n{member} = " in text


def test_airflow_3_signs_in_by_tokens() -> None:
    found = essential_variables(AIRFLOW_3, KEYS, "postgresql://", 8080)
    assert found["AIRFLOW__API_AUTH__JWT_SECRET"] == "jwt-key"
    assert "MWAACTL_SIGN_IN_SECRET" not in found
    assert "PYTHONPATH" not in found


@pytest.mark.parametrize("spec", [AIRFLOW_2, AIRFLOW_3])
def test_task_logs_go_to_the_environments_group(spec: EnvironmentSpec) -> None:
    found = essential_variables(spec, KEYS, "postgresql://", 8080)
    assert found["AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"] == (
        "cloudwatch://arn:aws:logs:us-east-1:123456789012:log-group:airflow-flights-Task"
    )


@pytest.mark.parametrize(
    ("major", "url"), [(2, "postgresql://h/d"), (3, "postgresql://h/d"), (3, "sqlite:////d.db")]
)
def test_dags_are_parsed_apart_as_on_mwaa(major: int, url: str) -> None:
    assert parses_apart(major, url)
    assert database_variables(major, url) == {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url}


def test_airflow_2_does_everything_in_one_process_on_sqlite() -> None:
    assert not parses_apart(2, "sqlite:////d.db")
    assert database_variables(2, "sqlite:////d.db") == {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////d.db",
        "AIRFLOW__CORE__EXECUTOR": "SequentialExecutor",
        "AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR": "False",
    }
