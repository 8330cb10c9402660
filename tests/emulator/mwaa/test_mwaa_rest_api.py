"""InvokeRestApi against a real HTTP server in Airflow's place."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.emulator.mwaa.conftest import World


def _fails(world: World, code: str, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        world.mwaa.invoke_rest_api(**arguments)
    response: dict[str, Any] = dict(caught.value.response)
    assert response["Error"]["Code"] == code
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return response


@pytest.mark.parametrize(("version", "api"), [("3.3.1", "v2"), ("2.11.2", "v1")])
def test_path_gets_the_prefix_of_the_airflow_version(world: World, version: str, api: str) -> None:
    world.create("rest", AirflowVersion=version)
    answer: dict[str, Any] = dict(world.mwaa.invoke_rest_api(Name="rest", Path="/dags", Method="GET"))
    assert answer["RestApiStatusCode"] == 200
    assert answer["RestApiResponse"]["api"] == api
    assert answer["RestApiResponse"]["dags"] == [{"dag_id": "flights"}]
    assert (answer["RestApiResponse"]["user"], answer["RestApiResponse"]["role"]) == ("root", "Admin")


def test_query_parameters_keep_lists_numbers_and_booleans(world: World) -> None:
    world.create("query")
    query = {"tags": ["a b", "c&d"], "limit": 0, "only_active": True, "absent": None}
    answer: Any = world.mwaa.invoke_rest_api(Name="query", Path="/dags", Method="GET", QueryParameters=query)
    found = answer["RestApiResponse"]
    assert (found["tags"], found["dags"], found["only"]) == (["a b", "c&d"], [], "true")


def test_body_reaches_airflow_as_json(world: World) -> None:
    world.create("body")
    body = {"dag_run_id": "r1", "logical_date": None, "conf": {"n": [1, 2.5, "x"]}}
    answer: Any = world.mwaa.invoke_rest_api(
        Name="body", Path="/dags/flights/dagRuns", Method="POST", Body=body
    )
    assert world.hosts.hosts["body"].airflow.runs["r1"] == body
    assert answer["RestApiResponse"]["state"] == "queued"


def test_refusal_of_airflow_carries_its_status_and_answer(world: World) -> None:
    world.create("refusal")
    body = {"dag_run_id": "r1"}
    response = _fails(
        world, "RestApiClientException", Name="refusal", Path="/dags/no/dagRuns", Method="POST", Body=body
    )
    assert response["RestApiStatusCode"] == 404
    assert response["RestApiResponse"]["title"] == "DAG with dag_id: 'no' not found"


def test_failure_of_airflow_is_a_server_exception(world: World) -> None:
    world.create("failure")
    response = _fails(world, "RestApiServerException", Name="failure", Path="/broken", Method="GET")
    assert response["RestApiStatusCode"] == 500
    assert response["RestApiResponse"] == {"detail": "the database is gone"}


def test_answer_that_comes_too_late_is_a_server_exception(world: World) -> None:
    world.create("late")
    response = _fails(world, "RestApiServerException", Name="late", Path="/slow", Method="GET")
    world.hosts.hosts["late"].airflow.release.release()
    assert response["RestApiStatusCode"] == 504


def test_answer_above_six_megabytes_is_a_server_exception(world: World) -> None:
    world.create("large")
    response = _fails(world, "RestApiServerException", Name="large", Path="/huge", Method="GET")
    assert "6 MB" in response["RestApiResponse"]["message"]


def test_airflow_that_is_down_during_an_update_is_a_server_exception(world: World) -> None:
    world.create("down")
    world.hosts.hosts["down"].stop()
    response = _fails(world, "RestApiServerException", Name="down", Path="/dags", Method="GET")
    assert response["RestApiStatusCode"] == 503


def test_path_of_more_than_64_characters_is_refused(world: World) -> None:
    world.create("long")
    response = _fails(world, "ValidationException", Name="long", Path="/" + "x" * 64, Method="GET")
    assert "length less than or equal to 64" in response["Error"]["Message"]


def test_path_without_a_slash_is_refused(world: World) -> None:
    world.create("slash")
    response = _fails(world, "ValidationException", Name="slash", Path="dags", Method="GET")
    assert "must begin with a slash" in response["Error"]["Message"]


def test_caller_gets_the_most_powerful_role_that_their_policies_grant(world: World) -> None:
    world.create("granted")
    keys = _user_with(world, "airflow:InvokeRestApi", "granted", roles=("Op", "Viewer"))
    answer = world.client("mwaa", *keys).invoke_rest_api(Name="granted", Path="/dags", Method="GET")
    assert answer["RestApiResponse"]["role"] == "Op"
    assert answer["RestApiResponse"]["user"].startswith("user/")


def test_caller_without_a_role_in_the_environment_is_denied(world: World) -> None:
    world.create("closed")
    keys = _user_with(world, "airflow:InvokeRestApi", "another", roles=("Admin",))
    with pytest.raises(ClientError) as caught:
        world.client("mwaa", *keys).invoke_rest_api(Name="closed", Path="/dags", Method="GET")
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_session_of_a_role_is_known_by_its_session_name(world: World) -> None:
    world.create("session")
    iam, name = world.client("iam"), f"deployer-{uuid.uuid4().hex[:8]}"
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    document = _policy("airflow:InvokeRestApi", "session", ("User",))
    iam.put_role_policy(RoleName=name, PolicyName="airflow", PolicyDocument=document)
    session = world.client("sts").assume_role(RoleArn=arn, RoleSessionName="ana")["Credentials"]
    keys = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    answer = world.client("mwaa", *keys).invoke_rest_api(Name="session", Path="/dags", Method="GET")
    assert answer["RestApiResponse"]["user"] == f"assumed-role/{name}/ana"
    assert answer["RestApiResponse"]["role"] == "User"


def _policy(action: str, environment: str, roles: tuple[str, ...]) -> str:
    prefix = f"arn:aws:airflow:us-east-1:123456789012:role/{environment}"
    statement = {"Effect": "Allow", "Action": action, "Resource": [f"{prefix}/{role}" for role in roles]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _user_with(world: World, action: str, environment: str, roles: tuple[str, ...]) -> tuple[str, str]:
    iam, name = world.client("iam"), f"user-{uuid.uuid4()}"
    iam.create_user(UserName=name)
    document = _policy(action, environment, roles)
    iam.put_user_policy(UserName=name, PolicyName="airflow", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]
