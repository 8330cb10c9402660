"""MWAA's twelve operations: each takes a call's members and returns the members of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore import xform_name

from mwaactl.emulator.mwaa.callers import airflow_identity, identify
from mwaactl.emulator.mwaa.exceptions import RestApiServerError
from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.mwaa.listing import page_of_names
from mwaactl.emulator.mwaa.tokens import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.mwaa.backend import MwaaBackend
    from mwaactl.emulator.mwaa.rest_api import RestApi
    from mwaactl.emulator.mwaa.tokens import TokenSigner

type Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that keeps to the model.

    Attributes:
        operation: The operation's name.
        members: The members of its input by their API names.
        region: The region that it was signed for.
        headers: The request's headers, which say who calls.
    """

    operation: str
    members: Mapping[str, Any]
    region: str
    headers: Mapping[str, str]


class MwaaOperations:
    """Answers calls."""

    def __init__(self, backend: MwaaBackend, signer: TokenSigner, rest_api: RestApi) -> None:
        self._backend = backend
        self._signer = signer
        self._rest_api = rest_api

    def answer(self, call: Call) -> Answer:
        """Return the members of the operation's output.

        Raises:
            ServiceException: What MWAA answers instead.
        """
        answer: Answer = getattr(self, xform_name(call.operation))(call)
        return answer

    def create_environment(self, call: Call) -> Answer:
        """CreateEnvironment."""
        return {"Arn": self._backend.create(call.region, call.members).arn}

    def get_environment(self, call: Call) -> Answer:
        """GetEnvironment."""
        environment = self._backend.lifecycle(call.region, call.members["Name"]).environment
        return {"Environment": environment.describe()}

    def list_environments(self, call: Call) -> Answer:
        """ListEnvironments."""
        names = self._backend.names(call.region)
        return page_of_names(names, call.members.get("MaxResults"), call.members.get("NextToken"))

    def update_environment(self, call: Call) -> Answer:
        """UpdateEnvironment."""
        return {"Arn": self._backend.update(call.region, call.members).arn}

    def delete_environment(self, call: Call) -> Answer:
        """DeleteEnvironment."""
        self._backend.delete(call.region, call.members["Name"])
        return {}

    def create_web_login_token(self, call: Call) -> Answer:
        """CreateWebLoginToken."""
        environment = self._backend.serving(call.region, call.members["Name"]).environment
        caller = identify(call.headers, "airflow:CreateWebLoginToken", environment)
        return {
            "WebToken": self._signer.issue("web", environment.arn, caller),
            "WebServerHostname": environment.web_host,
            "IamIdentity": caller.identity,
            "AirflowIdentity": airflow_identity(caller),
        }

    def create_cli_token(self, call: Call) -> Answer:
        """CreateCliToken; its permission is on no role of Airflow, so there is none to find."""
        environment = self._backend.serving(call.region, call.members["Name"]).environment
        token = self._signer.issue("cli", environment.arn, Caller("cli", "Admin"))
        return {"CliToken": token, "WebServerHostname": environment.web_host}

    def invoke_rest_api(self, call: Call) -> Answer:
        """InvokeRestApi."""
        lifecycle = self._backend.serving(call.region, call.members["Name"])
        caller = identify(call.headers, "airflow:InvokeRestApi", lifecycle.environment)
        try:
            token = lifecycle.host.token(airflow_identity(caller), caller.role)
        except HostFailure as failure:
            raise RestApiServerError(503, {"message": failure.message}) from failure
        major = lifecycle.environment.airflow_major
        return self._rest_api.invoke(lifecycle.host.api_url, major, token, call.members)

    def publish_metrics(self, call: Call) -> Answer:
        """PublishMetrics: for MWAA's own use; the model says that what is sent is ignored."""
        self._backend.lifecycle(call.region, call.members["EnvironmentName"])
        return {}

    def tag_resource(self, call: Call) -> Answer:
        """TagResource."""
        self._backend.tag(call.members["ResourceArn"], call.members["Tags"])
        return {}

    def untag_resource(self, call: Call) -> Answer:
        """UntagResource."""
        self._backend.untag(call.members["ResourceArn"], call.members["tagKeys"])
        return {}

    def list_tags_for_resource(self, call: Call) -> Answer:
        """ListTagsForResource."""
        return {"Tags": self._backend.tags(call.members["ResourceArn"])}
