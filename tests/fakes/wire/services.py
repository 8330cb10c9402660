"""CloudFormation, MWAA, CloudWatch Logs, STS and the CDK over the wire, in front of an AWS in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from mwaactl.errors import OperationError
from tests.fakes.wire.requests import WireAnswer, WireRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mwaactl.observed import ObservedEnvironment, ObservedStack
    from tests.fakes.in_memory_aws import FakeCdk, InMemoryEnvironments, InMemoryLogs, InMemoryStacks

MEMBERS = {
    "PluginsKey": "PluginsS3Path",
    "PluginsVersion": "PluginsS3ObjectVersion",
    "RequirementsKey": "RequirementsS3Path",
    "RequirementsVersion": "RequirementsS3ObjectVersion",
    "StartupScriptKey": "StartupScriptS3Path",
    "StartupScriptVersion": "StartupScriptS3ObjectVersion",
}


@dataclass(frozen=True, slots=True)
class WireCloudFormation:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/"""

    stacks: InMemoryStacks

    def __call__(self, request: WireRequest) -> WireAnswer:
        form = request.form
        name, action = form["StackName"], form["Action"]
        stack = self.stacks.find(name)
        if stack is None:
            return query_error("ValidationError", f"Stack with id {name} does not exist")
        match action:
            case "DescribeStacks":
                return _result(action, f"<Stacks><member>{_stack(stack)}</member></Stacks>")
            case "DescribeStackEvents":
                return _result(action, "<StackEvents/>")
            case "UpdateStack":
                return self._update(name, form)
            case _:
                raise AssertionError(action)

    def _update(self, name: str, form: dict[str, str]) -> WireAnswer:
        values = {
            form[member.replace("ParameterValue", "ParameterKey")]: value
            for member, value in form.items()
            if member.endswith(".ParameterValue")
        }
        if not self.stacks.update_parameters(name, values):
            return query_error("ValidationError", "No updates are to be performed.")
        return _result("UpdateStack", f"<StackId>{name}</StackId>")


@dataclass(frozen=True, slots=True)
class WireMwaa:
    """https://docs.aws.amazon.com/mwaa/latest/API/

    Attributes:
        look: Called before each question to Airflow.
    """

    environments: InMemoryEnvironments
    look: Callable[[str], None] = lambda _: None

    def __call__(self, request: WireRequest) -> WireAnswer:
        name = request.path.rpartition("/")[2]
        found = self.environments.find(name)
        if found is None:
            headers = {"x-amzn-ErrorType": "ResourceNotFoundException"}
            return _json({"message": f"Environment {name} not found"}, 404, headers)
        if request.method == "PATCH":
            values = request.json
            given = {key: values[member] for key, member in MEMBERS.items() if member in values}
            self.environments.give_artifacts(name, given)
            return _json({"Arn": found.arn})
        if request.path.startswith("/restapi/"):
            return self._invoke(name, request.json)
        return _json({"Environment": _environment(found)})

    def _invoke(self, name: str, asked: dict[str, Any]) -> WireAnswer:
        self.look(asked["Path"])
        try:
            answer = self.environments.invoke(
                name, asked["Method"], asked["Path"], asked.get("QueryParameters"), asked.get("Body")
            )
        except OperationError as error:
            body = {"RestApiStatusCode": int(error.context["status"]), "RestApiResponse": {"detail": "no"}}
            return _json(body, 400, {"x-amzn-ErrorType": "RestApiClientException"})
        return _json({"RestApiStatusCode": 200, "RestApiResponse": answer})


@dataclass(frozen=True, slots=True)
class WireLogs:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"""

    logs: InMemoryLogs

    def __call__(self, request: WireRequest) -> WireAnswer:
        asked = request.json
        group = asked["logGroupName"]
        if request.headers["x-amz-target"].endswith("DescribeLogStreams"):
            found = self.logs.streams(group, asked["logStreamNamePrefix"])
            streams = [{"logStreamName": each.name, "creationTime": each.created} for each in found]
            return _json({"logStreams": streams})
        lines = self.logs.lines(group, asked["logStreamName"])
        return _json({"events": [{"message": line} for line in lines]})


@dataclass(frozen=True, slots=True)
class WireSts:
    """Says that everybody is the same user."""

    account: str

    def __call__(self, request: WireRequest) -> WireAnswer:
        arn = f"arn:aws:iam::{self.account}:user/dora"
        body = f"<Arn>{arn}</Arn><UserId>AIDA</UserId><Account>{self.account}</Account>"
        return _result(request.form["Action"], body)


@dataclass(frozen=True, slots=True)
class WireCdk:
    """Takes what a deployer's `cdk deploy` would do; this is no API of AWS."""

    cdk: FakeCdk

    def __call__(self, request: WireRequest) -> WireAnswer:
        asked = request.json
        self.cdk.deploy(tuple(asked["stacks"]), asked["parameters"], lambda _: None)
        return WireAnswer()


def query_error(code: str, message: str, status: int = 400) -> WireAnswer:
    """Return an error as services of the query protocol write it."""
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return WireAnswer(status, body.encode(), {"Content-Type": "text/xml"})


def _result(action: str, body: str) -> WireAnswer:
    text = (
        f"<{action}Response><{action}Result>{body}</{action}Result>"
        f"<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{action}Response>"
    )
    return WireAnswer(body=text.encode(), headers={"Content-Type": "text/xml"})


def _stack(stack: ObservedStack) -> str:
    parameters = "".join(
        f"<member><ParameterKey>{key}</ParameterKey><ParameterValue>{escape(value)}</ParameterValue></member>"
        for key, value in stack.parameters.items()
    )
    return (
        f"<StackName>{stack.name}</StackName><CreationTime>2026-11-23T08:00:00Z</CreationTime>"
        f"<StackStatus>{stack.status}</StackStatus><Parameters>{parameters}</Parameters>"
    )


def _environment(found: ObservedEnvironment) -> dict[str, Any]:
    artifacts = {MEMBERS[key]: value for key, value in (found.artifacts or {}).items() if value}
    return {
        "Name": found.name,
        "Status": found.status,
        "AirflowVersion": found.airflow_version,
        "EnvironmentClass": found.environment_class,
        "Arn": found.arn,
        "LastUpdate": {"CreatedAt": _seconds(found.changed_at), "Status": "SUCCESS"},
        **artifacts,
    }


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> WireAnswer:
    told = {"Content-Type": "application/json", "x-amzn-RequestId": "r-1", **(headers or {})}
    return WireAnswer(status, json.dumps(value).encode(), told)
