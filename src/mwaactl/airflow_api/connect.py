"""Picks the version of the REST API that an environment speaks."""

from mwaactl.airflow_api.rest import AirflowApi, Invoke
from mwaactl.airflow_api.v1 import AirflowV1
from mwaactl.airflow_api.v2 import AirflowV2


def connect(airflow_version: str, invoke: Invoke) -> AirflowApi:
    """Return the API of an environment.

    Args:
        airflow_version: Version that runs, for example `3.3.1`.
        invoke: Calls the REST API of the environment.
    """
    if airflow_version.startswith(("1.", "2.")):
        return AirflowV1(invoke)
    return AirflowV2(invoke, has_partitions=not airflow_version.startswith(("3.0.", "3.1.")))
