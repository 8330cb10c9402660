"""MWAA's twelve operations over HTTP: moto parses and serialises by botocore's model, the backend works."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from mwaactl.emulator.mwaa.callers import airflow_identity, identify
from mwaactl.emulator.mwaa.constraints import check_constraints
from mwaactl.emulator.mwaa.listing import page_of_names
from mwaactl.emulator.mwaa.tokens import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.core.common_types import TYPE_RESPONSE

    from mwaactl.emulator.mwaa.backend import MwaaBackend
    from mwaactl.emulator.mwaa.rest_api import RestApi
    from mwaactl.emulator.mwaa.tokens import TokenSigner


class MwaaResponse(BaseResponse):
    """Answers one request."""

    def __init__(self, backend: MwaaBackend, signer: TokenSigner, rest_api: RestApi) -> None:
        super().__init__(service_name="mwaa")
        self.automated_parameter_parsing = True
        self._backend = backend
        self._signer = signer
        self._rest_api = rest_api

    def call_action(self) -> TYPE_RESPONSE:
        """Run the operation; a path that is no operation gets the answer of AWS's own front end."""
        if not self._get_action():
            body = json.dumps({"message": f"{self.method} {self.path} is no operation of MWAA"})
            return 404, {"x-amzn-ErrorType": "UnknownOperationException"}, body
        return super().call_action()

    def create_environment(self) -> ActionResult:
        """CreateEnvironment."""
        return ActionResult({"Arn": self._backend.create(self.region, self._checked()).arn})

    def get_environment(self) -> ActionResult:
        """GetEnvironment."""
        environment = self._backend.lifecycle(self.region, self._checked()["Name"]).environment
        return ActionResult({"Environment": environment.describe()})

    def list_environments(self) -> ActionResult:
        """ListEnvironments."""
        parameters = self._checked()
        names = self._backend.names(self.region)
        return ActionResult(page_of_names(names, parameters.get("MaxResults"), parameters.get("NextToken")))

    def update_environment(self) -> ActionResult:
        """UpdateEnvironment."""
        return ActionResult({"Arn": self._backend.update(self.region, self._checked()).arn})

    def delete_environment(self) -> ActionResult:
        """DeleteEnvironment."""
        self._backend.delete(self.region, self._checked()["Name"])
        return EmptyResult()

    def create_web_login_token(self) -> ActionResult:
        """CreateWebLoginToken."""
        environment = self._backend.serving(self.region, self._checked()["Name"]).environment
        caller = identify(self.headers, "airflow:CreateWebLoginToken", environment)
        return ActionResult(
            {
                "WebToken": self._signer.issue("web", environment.arn, caller),
                "WebServerHostname": environment.web_host,
                "IamIdentity": caller.identity,
                "AirflowIdentity": airflow_identity(caller),
            }
        )

    def create_cli_token(self) -> ActionResult:
        """CreateCliToken; its permission is on no role of Airflow, so there is none to find."""
        environment = self._backend.serving(self.region, self._checked()["Name"]).environment
        token = self._signer.issue("cli", environment.arn, Caller("cli", "Admin"))
        return ActionResult({"CliToken": token, "WebServerHostname": environment.web_host})

    def invoke_rest_api(self) -> ActionResult:
        """InvokeRestApi."""
        parameters = self._checked()
        lifecycle = self._backend.serving(self.region, parameters["Name"])
        caller = identify(self.headers, "airflow:InvokeRestApi", lifecycle.environment)
        token = lifecycle.host.token(airflow_identity(caller), caller.role)
        major = lifecycle.environment.airflow_major
        return ActionResult(self._rest_api.invoke(lifecycle.host.api_url, major, token, parameters))

    def publish_metrics(self) -> ActionResult:
        """PublishMetrics: for MWAA's own use; the model says that what is sent is ignored."""
        self._backend.lifecycle(self.region, self._checked()["EnvironmentName"])
        return EmptyResult()

    def tag_resource(self) -> ActionResult:
        """TagResource."""
        parameters = self._checked()
        self._backend.tag(parameters["ResourceArn"], parameters["Tags"])
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        """UntagResource."""
        parameters = self._checked()
        self._backend.untag(parameters["ResourceArn"], parameters["tagKeys"])
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        """ListTagsForResource."""
        return ActionResult({"Tags": self._backend.tags(self._checked()["ResourceArn"])})

    def _checked(self) -> Mapping[str, Any]:
        """Return the request's members once they keep to the model."""
        parameters = {key: value for key, value in self.params.items() if value is not None}
        check_constraints(self._get_action(), parameters)
        return parameters
