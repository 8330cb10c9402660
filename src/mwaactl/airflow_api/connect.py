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
    return AirflowV1(invoke) if airflow_version.startswith(("1.", "2.")) else AirflowV2(invoke)
