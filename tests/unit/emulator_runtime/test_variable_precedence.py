import pytest

from mwaactl.emulator.runtime.precedence import (
    ESSENTIAL,
    OPINIONS,
    PACE,
    is_protected,
    option_variables,
    resolve,
)

TIMEOUT = "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT"


def test_startup_script_beats_mwaas_opinions() -> None:
    assert resolve({}, {}, {}, {})[TIMEOUT] == OPINIONS[TIMEOUT]
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


@pytest.mark.parametrize("name", sorted(ESSENTIAL))
def test_what_mwaa_forces_holds_against_options_and_script(name: str) -> None:
    section, key = name.removeprefix("AIRFLOW__").split("__", 1)
    env = resolve({}, {name: "script"}, {f"{section}.{key}".lower(): "option"}, {})
    assert env[name] == ESSENTIAL[name]


def test_environments_own_essentials_come_last() -> None:
    url = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
    assert resolve({}, {}, {"database.sql_alchemy_conn": "mine"}, {url: "ours"})[url] == "ours"


def test_the_emulators_pace_can_be_overridden() -> None:
    env = resolve({}, {}, {"dag_processor.refresh_interval": "300"}, {})
    assert env["AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL"] == "300"
    assert not PACE.keys() & ESSENTIAL.keys()


def test_option_becomes_the_variable_that_airflow_reads() -> None:
    assert option_variables({"pipelines.data_bucket": "b", "celery.worker_autoscale": "5,5"}) == {
        "AIRFLOW__PIPELINES__DATA_BUCKET": "b",
        "AIRFLOW__CELERY__WORKER_AUTOSCALE": "5,5",
    }
