"""Amazon MWAA: the environment, its REST API, and tokens for its web server."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.aws.failures import mapped
from mwaactl.config.size import EnvironmentSize
from mwaactl.errors import NotFound, OperationError
from mwaactl.observed import ObservedEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_mwaa import MWAAClient

# https://docs.aws.amazon.com/mwaa/latest/API/API_InvokeRestApi.html; botocore does not check it.
LONGEST_PATH = 64

# The parameters of the environment's stack by the API's names of what they set.
ARTIFACT_MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        "PluginsKey": "PluginsS3Path",
        "PluginsVersion": "PluginsS3ObjectVersion",
        "RequirementsKey": "RequirementsS3Path",
        "RequirementsVersion": "RequirementsS3ObjectVersion",
        "StartupScriptKey": "StartupScriptS3Path",
        "StartupScriptVersion": "StartupScriptS3ObjectVersion",
    }
)


@dataclass(frozen=True, slots=True)
class WebLogin:
    """A token that signs its caller in to the web server for the next 60 seconds."""

    hostname: str
    token: str


@dataclass(frozen=True, slots=True)
class Environments:
    """MWAA in one account and region."""

    client: MWAAClient

    def find(self, name: str) -> ObservedEnvironment | None:
        """Return an environment, or None if there is none."""
        try:
            with mapped("mwaa", "GetEnvironment", name):
                found = self.client.get_environment(Name=name)["Environment"]
        except NotFound:
            return None
        update = found.get("LastUpdate", {})
        error = update.get("Error", {})
        said = ": ".join(part for part in (error.get("ErrorCode"), error.get("ErrorMessage")) if part)
        return ObservedEnvironment(
            name=found.get("Name", name),
            status=found.get("Status", ""),
            airflow_version=found.get("AirflowVersion", ""),
            environment_class=found.get("EnvironmentClass", ""),
            arn=found.get("Arn", ""),
            webserver_hostname=found.get("WebserverUrl"),
            webserver_access_mode=found.get("WebserverAccessMode", ""),
            update_error=said or None,
            changed_at=update.get("CreatedAt") or found.get("CreatedAt"),
            replacement=update.get("WorkerReplacementStrategy"),
            artifacts=_artifacts(dict(found)),
            celery_queue=found.get("CeleryExecutorQueue"),
            size=_size(dict(found)),
        )

    def give_artifacts(self, name: str, values: Mapping[str, str]) -> None:
        """Update the artifacts of an environment past its stack.

        Args:
            name: The environment.
            values: Keys and versions, and how workers are replaced, by the names of the stack's parameters.
        """
        members: dict[str, Any] = {ARTIFACT_MEMBERS.get(each, each): value for each, value in values.items()}
        with mapped("mwaa", "UpdateEnvironment", name):
            self.client.update_environment(Name=name, **members)

    def web_login(self, name: str) -> WebLogin:
        """Create a web login token."""
        with mapped("mwaa", "CreateWebLoginToken", name):
            answer = self.client.create_web_login_token(Name=name)
        return WebLogin(answer["WebServerHostname"], answer["WebToken"])

    def invoke(
        self,
        name: str,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401  any JSON value
        """Call Airflow's REST API and return its answer.

        Args:
            name: The environment.
            method: `GET`, `POST`, `PATCH`, `PUT` or `DELETE`.
            path: Path without `/api/vN`, for example `/dags`.
            query: Query parameters.
            body: JSON body.

        Raises:
            OperationError: If Airflow itself answers with an error, or the path is longer than MWAA takes.
            ServiceError: If MWAA refuses the call.
        """
        if len(path) > LONGEST_PATH:
            message = f"MWAA takes no REST path longer than {LONGEST_PATH} characters: `{path}`"
            raise OperationError(message, code="airflow.path-too-long", hint="use shorter DAG and run ids")
        request: dict[str, Any] = {"Name": name, "Method": method, "Path": path}
        if query:
            request["QueryParameters"] = dict(query)
        if body is not None:
            request["Body"] = dict(body)
        with mapped("mwaa", "InvokeRestApi", name):
            try:
                return self.client.invoke_rest_api(**request).get("RestApiResponse")
            except ClientError as error:
                raise _airflow_error(error, method, path) from error


def _artifacts(found: Mapping[str, Any]) -> Mapping[str, str]:
    named = ((parameter, found.get(member)) for parameter, member in ARTIFACT_MEMBERS.items())
    return {parameter: str(value) for parameter, value in named if value}


def _size(found: Mapping[str, Any]) -> EnvironmentSize | None:
    members = ("EnvironmentClass", "MinWorkers", "MaxWorkers", "Schedulers", "MinWebservers", "MaxWebservers")
    values: list[Any] = [found.get(each) for each in members]
    return None if None in values else EnvironmentSize(*values)


def _airflow_error(error: ClientError, method: str, path: str) -> Exception:
    """Return Airflow's own error where the answer carries one, else the error as it is."""
    answer: Mapping[str, Any] = error.response
    status = answer.get("RestApiStatusCode")
    if status is None:
        return error
    said = answer.get("RestApiResponse")
    detail = said.get("detail") or said.get("title") or said if isinstance(said, dict) else said
    context = {"status": str(status), "method": method, "path": path}
    message = f"Airflow answered {method} {path} with {status}: {detail}"
    return OperationError(message, code=f"airflow.http-{status}", context=context)
