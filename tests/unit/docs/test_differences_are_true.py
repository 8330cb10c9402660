"""Rows of the table that pure code can prove: when one is mended, its test fails and the row goes with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from moto.awslambda.exceptions import LambdaClientError

from mwaactl.emulator.cloudformation.moto_types import MotoType
from mwaactl.emulator.differences.difference import Difference
from mwaactl.emulator.differences.sections import SECTIONS
from mwaactl.emulator.functions.api_errors import refuse_what_cannot_run
from mwaactl.emulator.functions.pool import CONCURRENT_INVOCATIONS
from mwaactl.emulator.functions.retry_rules import AsynchronousSettings, TryAgain, after_error
from mwaactl.emulator.mwaa.environment import Status
from mwaactl.emulator.mwaa.host import EnvironmentSpec
from mwaactl.emulator.runtime.components import components
from mwaactl.emulator.runtime.environment_keys import EnvironmentKeys
from mwaactl.emulator.runtime.precedence import resolve
from mwaactl.emulator.runtime.settings_of_airflow import essential_variables
from mwaactl.emulator.runtime.variable_tables import TABLES
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.planner.statuses import MEANINGS
from tests.fakes.environment_spec import environment_spec

SPEC = replace(environment_spec("e"), environment_class="mw1.2xlarge")
AIRFLOW_2 = replace(SPEC, airflow_version="2.11.2")
KEYS = EnvironmentKeys(fernet="f", jwt="j", session="s")


def row(subject: str) -> Difference:
    """The row that a test proves; a row that is gone takes its test along."""
    return next(found for rows in SECTIONS.values() for found in rows if found.subject == subject)


def variables(spec: EnvironmentSpec = SPEC) -> dict[str, str]:
    own = essential_variables(spec, KEYS, "postgresql://", 1)
    return resolve({}, {}, {}, own, TABLES[spec.airflow_major])


@pytest.mark.parametrize("spec", [SPEC, AIRFLOW_2])
def test_executor_is_local(spec: EnvironmentSpec) -> None:
    assert "LocalExecutor: tasks run beside the scheduler, eight at once" in row("executor").emulator
    assert variables(spec)["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert variables(spec)["AIRFLOW__CORE__PARALLELISM"] == "8"


def test_new_files_are_looked_for_sooner() -> None:
    assert row("pace").emulator.count("every second") == 2
    assert variables()["AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL"] == "1"
    assert variables(AIRFLOW_2)["AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL"] == "1"
    assert EmulatorSettings.for_project(Path("/nowhere")).sync_interval == 1.0


@pytest.mark.parametrize("spec", [SPEC, AIRFLOW_2])
def test_task_is_a_fork(spec: EnvironmentSpec) -> None:
    assert "a fork" in row("a task's process").emulator
    assert variables(spec)["AIRFLOW__CORE__EXECUTE_TASKS_NEW_PYTHON_INTERPRETER"] == "False"


def test_auth_manager_of_airflow_3_is_the_simple_one() -> None:
    assert "SimpleAuthManager" in row("sign-in inside Airflow 3").emulator
    assert variables(AIRFLOW_2)["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".FabAuthManager")
    assert variables()["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".SimpleAuthManager")


def test_there_is_one_of_each_component_whatever_the_class() -> None:
    found = row("environment class, numbers of workers, schedulers and web servers")
    names = [each.name for each in components(3, 1)]

    assert "one of each component" in found.emulator
    assert sorted(names) == ["api-server", "dag-processor", "scheduler", "triggerer"]


def test_every_status_of_mwaa_appears() -> None:
    assert {status.value for status in Status} == MEANINGS.keys()
    assert len(Status) == 12


def test_invocations_wait_for_one_of_ten_places() -> None:
    assert "one of ten places" in row("invocations beyond the account's concurrency").emulator
    assert CONCURRENT_INVOCATIONS == 10


def test_network_of_a_function_is_taken_and_not_judged() -> None:
    assert row("VpcConfig, TracingConfig, EphemeralStorage").emulator == "are kept and change nothing"
    refuse_what_cannot_run({"VpcConfig": {"SubnetIds": ["s"]}, "TracingConfig": {"Mode": "Active"}})
    with pytest.raises(LambdaClientError):
        refuse_what_cannot_run({"PackageType": "Image"})


def test_retries_of_functions_come_sooner() -> None:
    assert "after 1 s and 2 s more" in row("an asynchronous invocation that fails").emulator
    pause = EmulatorSettings.for_project(Path("/nowhere")).retry_pause
    waits = [after_error(AsynchronousSettings(), invocations, 0.0, pause) for invocations in (1, 2)]
    assert waits == [TryAgain(1.0), TryAgain(2.0)]


def test_properties_of_moto_s_types_are_not_checked() -> None:
    assert row("properties of types that moto models and the emulator does not")
    assert MotoType.properties == frozenset()
