"""Every request, whether the model allows it or not, gets an answer of the model; none gets a 500."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mwaactl.emulator.mwaa.service_model import service_model
from tests.emulator.mwaa.model_conformance import HttpAnswer, problems
from tests.emulator.mwaa.model_requests import misdirected, operation, requests
from tests.fakes.examples import examples

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from tests.emulator.mwaa.conftest import World
    from tests.emulator.mwaa.model_requests import Known, ModelRequest

# A few in the suite; MWAACTL_EXAMPLES=2000 looks for longer.
EXAMPLES = settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SCOPE = "AWS4-HMAC-SHA256 Credential=emulator/20261123/us-east-1/airflow/aws4_request, Signature=0"


@pytest.mark.parametrize("name", sorted(service_model().operation_names))
def test_every_answer_conforms_to_the_model(world: World, name: str) -> None:
    world.create("fuzz")
    known = _known(world)

    @EXAMPLES
    @given(st.data())
    def check(data: DataObject) -> None:
        request = data.draw(requests(name, known))
        answer = _send(world, request)
        assert problems(operation(name), answer) == []
        assert not (request.broken and answer.status == 200), answer

    check()


def test_what_is_no_operation_is_unknown(world: World) -> None:
    @EXAMPLES
    @given(misdirected())
    def check(request: ModelRequest) -> None:
        answer = _send(world, request)
        assert (answer.status, answer.error) == (404, "UnknownOperationException")

    check()


def _known(world: World) -> Known:
    return {
        "EnvironmentName": ["fuzz"],
        "EnvironmentArn": ["arn:aws:airflow:us-east-1:123456789012:environment/fuzz"],
        "IamRoleArn": [world.role_arn],
        "S3BucketArn": [f"arn:aws:s3:::{world.bucket}"],
        "SubnetId": world.network["SubnetIds"],
        "SecurityGroupId": world.network["SecurityGroupIds"],
        "AirflowVersion": ["3.3.1"],
        "EnvironmentClass": ["mw1.small"],
        "RelativePath": ["dags", ""],
        "RestApiPath": ["/dags", "/version", "/broken", "/huge"],
    }


def _send(world: World, request: ModelRequest) -> HttpAnswer:
    connection = HTTPConnection("127.0.0.1", world.settings.port, timeout=30)
    try:
        connection.request(
            request.method, request.target, request.body, {**request.headers, "Authorization": SCOPE}
        )
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return HttpAnswer(response.status, headers, response.read())
    finally:
        connection.close()
