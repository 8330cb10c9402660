from collections.abc import Mapping

import pytest

from mwaactl.emulator.runtime import precedence
from mwaactl.emulator.runtime.precedence import is_protected, option_variables
from mwaactl.emulator.runtime.variable_tables import TABLES

TIMEOUT = "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT"


def resolve(
    container: Mapping[str, str],
    startup: Mapping[str, str],
    options: Mapping[str, str],
    essential: Mapping[str, str],
    major: int = 3,
) -> dict[str, str]:
    return precedence.resolve(container, startup, options, essential, TABLES[major])


def test_startup_script_beats_mwaas_opinions() -> None:
    assert resolve({}, {}, {}, {})[TIMEOUT] == "1800.0"
    assert resolve({}, {TIMEOUT: "60"}, {}, {})[TIMEOUT] == "60"


def test_configuration_options_beat_the_startup_script() -> None:
    env = resolve({}, {TIMEOUT: "60"}, {"scheduler.task_queued_timeout": "90"}, {})
    assert env[TIMEOUT] == "90"


@pytest.mark.parametrize(
    "name",
    [
        "AIRFLOW_HOME",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "PYTHONPATH",
        "MWAA_AIRFLOW_COMPONENT",
        "MWAA__CORE__X",
    ],
)
def test_protected_variables_belong_to_the_container(name: str) -> None:
    assert is_protected(name)
    assert resolve({name: "container"}, {name: "script"}, {}, {})[name] == "container"
    assert name not in resolve({}, {name: "script"}, {}, {})


def test_option_for_the_api_address_does_not_reach_airflow() -> None:
    container = {"AIRFLOW__API__BASE_URL": "http://localhost:4578"}
    assert resolve(container, {}, {"api.base_url": "http://elsewhere"}, {})["AIRFLOW__API__BASE_URL"] == (
        "http://localhost:4578"
    )


def test_path_may_be_changed_by_the_startup_script() -> None:
    assert resolve({"PATH": "/usr/bin"}, {"PATH": "/opt:/usr/bin"}, {}, {})["PATH"] == "/opt:/usr/bin"


@pytest.mark.parametrize(
    ("major", "name"),
    [(major, name) for major, tables in TABLES.items() for name in sorted(tables.essential)],
)
def test_what_mwaa_forces_holds_against_options_and_script(major: int, name: str) -> None:
    section, key = name.removeprefix("AIRFLOW__").split("__", 1)
    env = resolve({}, {name: "script"}, {f"{section}.{key}".lower(): "option"}, {}, major)
    assert env[name] == TABLES[major].essential[name]


def test_environments_own_essentials_come_last() -> None:
    url = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
    assert resolve({}, {}, {"database.sql_alchemy_conn": "mine"}, {url: "ours"})[url] == "ours"


@pytest.mark.parametrize(
    ("major", "option"), [(2, "scheduler.dag_dir_list_interval"), (3, "dag_processor.refresh_interval")]
)
def test_the_emulators_pace_can_be_overridden(major: int, option: str) -> None:
    (name,) = option_variables({option: "300"})
    assert TABLES[major].pace[name] == "1"
    assert resolve({}, {}, {option: "300"}, {}, major)[name] == "300"
    assert not TABLES[major].pace.keys() & TABLES[major].essential.keys()


def test_option_becomes_the_variable_that_airflow_reads() -> None:
    assert option_variables({"pipelines.data_bucket": "b", "celery.worker_autoscale": "5,5"}) == {
        "AIRFLOW__PIPELINES__DATA_BUCKET": "b",
        "AIRFLOW__CELERY__WORKER_AUTOSCALE": "5,5",
    }
