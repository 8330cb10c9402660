"""Listing, tags, tokens, PublishMetrics, host prefixes, and that no operation of the model is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
import urllib3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from mwaactl.emulator.mwaa.operations import MwaaOperations
from mwaactl.emulator.mwaa.service_model import service_model

if TYPE_CHECKING:
    from tests.emulator.mwaa.conftest import World


def test_every_operation_of_the_model_is_answered() -> None:
    operations = service_model().operation_names
    ours = vars(MwaaOperations)
    assert len(operations) == 12
    assert [name for name in operations if xform_name(name) not in ours] == []


def test_list_is_paged_in_order(world: World) -> None:
    for name in ("c", "a", "b"):
        world.create(name)
    first = world.mwaa.list_environments(MaxResults=2)
    assert first["Environments"] == ["a", "b"]
    rest = world.mwaa.list_environments(NextToken=first["NextToken"])
    assert rest["Environments"] == ["c"]
    assert "NextToken" not in rest
    pages = world.mwaa.get_paginator("list_environments").paginate(PaginationConfig={"PageSize": 1})
    assert [name for page in pages for name in page["Environments"]] == ["a", "b", "c"]


@pytest.mark.parametrize("arguments", [{"MaxResults": 26}, {"NextToken": "?"}])
def test_list_refuses_what_is_no_page(world: World, arguments: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        world.mwaa.list_environments(**arguments)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_regions_do_not_see_one_another(world: World) -> None:
    world.create("here")
    there = boto3.client(
        "mwaa",
        region_name="eu-west-1",
        endpoint_url=world.settings.endpoint_url,
        aws_access_key_id="emulator",
        aws_secret_access_key="emulator",
        config=Config(inject_host_prefix=False),
    )
    assert there.list_environments()["Environments"] == []


def test_tags_are_added_replaced_and_removed(world: World) -> None:
    arn = world.create("tagged", Tags={"a": "1", "b": "2"})["Arn"]
    world.mwaa.tag_resource(ResourceArn=arn, Tags={"b": "3", "c": "4"})
    world.mwaa.untag_resource(ResourceArn=arn, tagKeys=["a", "absent"])
    assert world.mwaa.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "3", "c": "4"}
    assert world.mwaa.get_environment(Name="tagged")["Environment"]["Tags"] == {"b": "3", "c": "4"}


def test_tags_of_aws_and_more_than_fifty_are_refused(world: World) -> None:
    arn = world.create("tags")["Arn"]
    with pytest.raises(ClientError, match="reserved"):
        world.mwaa.tag_resource(ResourceArn=arn, Tags={"aws:cloudformation:stack-name": "x"})
    world.mwaa.tag_resource(ResourceArn=arn, Tags={f"k{number}": "v" for number in range(50)})
    with pytest.raises(ClientError, match="more than 50 tags"):
        world.mwaa.tag_resource(ResourceArn=arn, Tags={"one": "more"})


def test_tokens_name_the_front_door(world: World) -> None:
    web_host = world.create("tokens")["WebserverUrl"]
    web = world.mwaa.create_web_login_token(Name="tokens")
    assert web["WebServerHostname"] == web_host
    assert web["AirflowIdentity"] == web["IamIdentity"] == "root"
    assert world.mwaa.create_cli_token(Name="tokens")["WebServerHostname"] == web_host


def test_environment_that_is_being_created_has_no_tokens(world: World) -> None:
    host = world.hosts.prepare("early")
    host.gate.clear()
    world.mwaa.create_environment(**world.request("early"))
    with pytest.raises(ClientError, match="its status is CREATING"):
        world.mwaa.create_web_login_token(Name="early")
    host.gate.set()
    world.wait("early", "AVAILABLE")


def test_published_metrics_are_checked_and_ignored(world: World) -> None:
    world.create("metrics")
    datum = {"MetricName": "SchedulerHeartbeat", "Timestamp": 1_700_000_000, "Value": 1.0}
    answer = world.client("mwaa").publish_metrics(EnvironmentName="metrics", MetricData=[datum])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("prefix", ["", "api.", "env.", "ops."])
def test_host_prefix_makes_no_difference(world: World, prefix: str) -> None:
    world.create("prefixed")
    headers = {
        "Host": f"{prefix}localhost:{world.settings.port}",
        "Authorization": "AWS4-HMAC-SHA256 Credential=emulator/20261123/us-east-1/airflow/aws4_request, "
        "SignedHeaders=host, Signature=0",
    }
    url = f"{world.settings.endpoint_url}/environments"
    answer = urllib3.PoolManager().request("GET", url, headers=headers)
    assert answer.json() == {"Environments": ["prefixed"]}


def test_path_that_is_no_operation_is_not_found(world: World) -> None:
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=e/20261123/us-east-1/airflow/aws4_request, "}
    answer = urllib3.PoolManager().request("GET", f"{world.settings.endpoint_url}/nothing", headers=headers)
    assert answer.status == 404
    assert answer.headers["x-amzn-ErrorType"] == "UnknownOperationException"
