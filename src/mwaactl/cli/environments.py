"""Finds the MWAA environment that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import OperationError

if TYPE_CHECKING:
    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.cli.invocation import Invocation
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import ObservedEnvironment
    from mwaactl.operations.dag_runs import DagRuns


def find_environment(
    invocation: Invocation, name: str | None
) -> tuple[EnvironmentConfig, Gateways, ObservedEnvironment]:
    """Return the configuration of an environment, the gateways to it, and how it is.

    Raises:
        OperationError: If it does not exist.
        AccessDenied: If the credentials belong to another account.
    """
    from mwaactl.executor.observe import verify_account

    config, environment = invocation.composition.environment(invocation.config, name)
    gateways = invocation.composition.gateways(config.root, environment)
    verify_account(environment.names, gateways)
    present = gateways.environments.find(environment.names.environment_name)
    if present is None:
        message = f"environment `{environment.names.environment_name}` does not exist"
        hint = f"create it with `mwaactl deploy -e {environment.environment}`"
        raise OperationError(message, hint=hint, code="environment.absent")
    return environment, gateways, present


def connected(gateways: Gateways, present: ObservedEnvironment) -> AirflowApi:
    """Return Airflow's REST API in an environment that was found."""
    from functools import partial

    from mwaactl.airflow_api.connect import connect
    from mwaactl.airflow_api.patience import PatientInvoke

    invoke = PatientInvoke(partial(gateways.environments.invoke, present.name), gateways.sleep)
    return connect(present.airflow_version, invoke)


def airflow_of(invocation: Invocation, name: str | None) -> AirflowApi:
    """Return Airflow's REST API in an environment.

    Raises:
        OperationError: If the environment does not exist.
        AccessDenied: If the credentials belong to another account.
    """
    return dag_runs_of(invocation, name).api


def dag_runs_of(invocation: Invocation, name: str | None) -> DagRuns:
    """Return the DAG runs of an environment.

    Raises:
        OperationError: If the environment does not exist.
        AccessDenied: If the credentials belong to another account.
    """
    from mwaactl.operations.dag_runs import DagRuns

    config, gateways, present = find_environment(invocation, name)
    return DagRuns(
        api=connected(gateways, present),
        logs=gateways.logs,
        task_log_group=config.names.log_group("Task"),
        now=gateways.now,
        sleep=gateways.sleep,
        on_detail=invocation.console.status,
    )
