"""A role without permissions is denied by every service, with that service's code, status and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.authorization.conftest import ACCOUNT

if TYPE_CHECKING:
    from tests.emulator.authorization.conftest import Roles

ARN = f"us-east-1:{ACCOUNT}"


S3, JSON, REST = ("AccessDenied", 403), ("AccessDeniedException", 400), ("AccessDeniedException", 403)
QUEUE = {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/q", "MessageBody": "m"}
METRIC = {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1}]}
TOPIC = {"TopicArn": f"arn:aws:sns:{ARN}:t", "Message": "m"}
ITEM = {"TableName": "table", "Key": {"id": {"S": "1"}}}
SQL = {"WorkgroupName": "etl", "Sql": "SELECT 1"}


@dataclass(frozen=True, slots=True)
class Row:
    """A call, the action and the resource that its denial names, and the denial's code and status."""

    call: str
    given: dict[str, Any]
    action: str
    resource: str | None
    answer: tuple[str, int]


ROWS = [
    Row("s3 put_object", {"Bucket": "bbb", "Key": "k"}, "s3:PutObject", '"arn:aws:s3:::bbb/k"', S3),
    Row("s3 list_buckets", {}, "s3:ListAllMyBuckets", None, S3),
    Row(
        "logs describe_log_groups",
        {},
        "logs:DescribeLogGroups",
        f"arn:aws:logs:{ARN}:log-group::log-stream:",
        JSON,
    ),
    Row("sqs send_message", QUEUE, "sqs:sendmessage", f"arn:aws:sqs:{ARN}:q", S3),
    Row("sns publish", TOPIC, "sns:Publish", f"arn:aws:sns:{ARN}:t", ("AuthorizationError", 403)),
    Row("cloudwatch put_metric_data", METRIC, "cloudwatch:PutMetricData", None, S3),
    Row(
        "secretsmanager get_secret_value",
        {"SecretId": "s"},
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{ARN}:secret:s",
        JSON,
    ),
    Row(
        "lambda invoke",
        {"FunctionName": "f"},
        "lambda:InvokeFunction",
        f"arn:aws:lambda:{ARN}:function:f",
        REST,
    ),
    Row("dynamodb get_item", ITEM, "dynamodb:GetItem", f"arn:aws:dynamodb:{ARN}:table/table", JSON),
    Row(
        "redshift-data execute_statement",
        SQL,
        "redshift-data:ExecuteStatement",
        f"arn:aws:redshift-serverless:{ARN}:workgroup/etl",
        JSON,
    ),
    Row(
        "mwaa get_environment",
        {"Name": "e"},
        "airflow:GetEnvironment",
        f"arn:aws:airflow:{ARN}:environment/e",
        REST,
    ),
    Row("iam list_roles", {}, "iam:ListRoles", None, S3),
    Row("athena list_work_groups", {}, "athena:ListWorkGroups", None, JSON),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.call)
def test_denial_has_the_services_code_status_and_sentence(roles: Roles, row: Row) -> None:
    role = roles.role()
    service, operation = row.call.split()
    client = roles.client(roles.session(role), service)

    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**row.given)

    answer = caught.value.response
    user = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/tester"
    on = f" on resource: {row.resource}" if row.resource else ""
    assert answer["Error"]["Message"] == (
        f"User: {user} is not authorized to perform: {row.action}{on} "
        f"because no identity-based policy allows the {row.action} action"
    )
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == row.answer


def test_ec2_says_first_that_the_operation_is_not_permitted(roles: Roles) -> None:
    with pytest.raises(
        ClientError, match=r"You are not authorized to perform this operation\. User: "
    ) as caught:
        roles.aws("ec2").describe_vpcs()
    assert caught.value.response["Error"]["Code"] == "UnauthorizedOperation"


def test_head_request_is_denied_without_a_word(roles: Roles, bucket: str) -> None:
    with pytest.raises(ClientError) as caught:
        roles.aws("s3").head_object(Bucket=bucket, Key="k")
    assert caught.value.response["Error"] == {"Code": "403", "Message": "Forbidden"}


def test_everybody_may_ask_who_they_are(roles: Roles) -> None:
    assert roles.aws("sts").get_caller_identity()["Arn"].endswith("/tester")


def test_service_that_the_emulator_lacks_says_so_to_who_is_allowed(roles: Roles) -> None:
    with pytest.raises(ClientError) as caught:
        roles.aws("athena", {"Effect": "Allow", "Action": "athena:*", "Resource": "*"}).get_session(
            SessionId="s"
        )
    assert caught.value.response["Error"]["Code"] not in {"AccessDenied", "AccessDeniedException"}
