"""The services of a task: AWS clients from Airflow's connection, options from Airflow's configuration."""

from collections.abc import Callable
from functools import cache
from typing import Any

from typed_assets.building.options import AirflowOptions
from typed_assets.building.versions import name_of_airflow
from typed_assets.services import Services

DEFAULT_CONNECTION = "aws_default"
CONNECTION_OPTION = "aws_conn_id"


def airflow_services() -> Services:
    """Return the services of the task that runs.

    AWS clients follow the connection that the option `pipelines.aws_conn_id` names, `aws_default` without it.
    Where there is no such connection, or it says nothing, they are boto3's with its usual chain of
    credentials: on MWAA the execution role. A connection that says something needs the Amazon provider.
    """
    options = AirflowOptions()
    conn_id = options.get(CONNECTION_OPTION, DEFAULT_CONNECTION)
    return Services(client=cache(_clients(conn_id)), options=options)


def _clients(conn_id: str) -> Callable[[str], Any]:
    if not _says_something(conn_id):
        from typed_assets.building.aws_sessions import new_session

        client = new_session().client
        return lambda service: client(service_name=service)
    from airflow.providers.amazon.aws.hooks.base_aws import AwsGenericHook

    return lambda service: AwsGenericHook(aws_conn_id=conn_id, client_type=service).conn


def _says_something(conn_id: str) -> bool:
    from airflow.sdk import Connection

    try:
        connection = Connection.get(conn_id)
    except name_of_airflow("AirflowNotFoundException"):
        return False
    return bool(connection.login or connection.extra_dejson)
