"""What MWAA makes in the account beside an environment: service-linked role, log groups, Celery queue."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mwaactl.emulator.mwaa.surroundings import Client, Clients

# https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-slr.html
SERVICE_ROLE = "AWSServiceRoleForAmazonMWAA"
SERVICE = "airflow.amazonaws.com"


def ensure_service_role(clients: Clients) -> str:
    """Return the ARN of MWAA's service-linked role, made on first use as MWAA does."""
    iam = clients("iam")
    try:
        return str(iam.get_role(RoleName=SERVICE_ROLE)["Role"]["Arn"])
    except iam.exceptions.NoSuchEntityException:
        return str(_create_service_role(iam))


def _create_service_role(iam: Client) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": [SERVICE]}, "Action": ["sts:AssumeRole"]}
    answer = iam.create_role(
        RoleName=SERVICE_ROLE,
        Path=f"/aws-service-role/{SERVICE}/",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    return str(answer["Role"]["Arn"])


def ensure_log_groups(clients: Clients, names: Iterable[str]) -> None:
    """Create the log groups that do not exist; those that the user made keep their retention and key."""
    logs = clients("logs")
    for name in names:
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=name)


def create_queue(clients: Clients) -> str:
    """Create an environment's Celery queue, in the name that execution roles allow, and return its ARN."""
    sqs = clients("sqs")
    url = sqs.create_queue(QueueName=f"airflow-celery-{uuid.uuid4()}")["QueueUrl"]
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def delete_queue(clients: Clients, arn: str) -> None:
    """Delete the Celery queue; one that is gone already is no failure."""
    sqs = clients("sqs")
    with suppress(ClientError):
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"])
