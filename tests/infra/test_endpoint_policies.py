"""What VPC endpoints let through and what they hold back, decided by AWS's rules for policies."""

import json
from typing import Any

import pytest
from aws_cdk import aws_iam as iam

from infra.endpoint_policies import Boundary, gateway_statements, interface_statements
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.principals import Caller, CallerKind
from mwaactl.emulator.iam.request import Request

OURS, SISTER, STRANGER, MWAA = "111122223333", "222233334444", "999999999999", "555566667777"
ORGANISATION = "o-a1b2c3d4e5"
REGION = "eu-west-1"
QUEUE = f"arn:aws:sqs:{REGION}:{MWAA}:airflow-celery-0a1b2c3d"
FOREIGN_QUEUE = f"arn:aws:sqs:{REGION}:{STRANGER}:airflow-celery-ffffffff"
LAYERS = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/layer"
PACKAGES = f"arn:aws:s3:::al2023-repos-{REGION}-de612dc2/core/package.rpm"


def passes(
    statements: list[iam.PolicyStatement], action: str, resource: str, *, caller: str, owner: str
) -> bool:
    """Whether an endpoint with these statements lets a call through; other policies have no say here."""
    in_organisation = {OURS, SISTER}
    keys = {"aws:principalaccount": caller, "aws:resourceaccount": owner}
    if caller in in_organisation:
        keys["aws:principalorgid"] = ORGANISATION
    if owner in in_organisation:
        keys["aws:resourceorgid"] = ORGANISATION
    document = {"Version": "2012-10-17", "Statement": [_for_everybody(each) for each in statements]}
    policy = read_policy(json.dumps(document), Kind.IDENTITY, "of the endpoint")
    session = Caller(
        CallerKind.ROLE_SESSION,
        f"arn:aws:sts::{caller}:assumed-role/role/session",
        caller,
        f"arn:aws:iam::{caller}:role/role",
    )
    values = {name: (value,) for name, value in keys.items()}
    request = Request(session, action, resource, values, owner=caller)
    return decide(request, Applicable(identity=(policy,))).allowed


def _for_everybody(statement: iam.PolicyStatement) -> dict[str, Any]:
    document: dict[str, Any] = statement.to_json()
    assert document.pop("Principal") == {"AWS": "*"}
    return document


@pytest.mark.parametrize("service", ["kms", "logs", "monitoring", "airflow.env", "secretsmanager", "sts"])
def test_endpoint_lets_through_own_callers_to_own_resources_alone(service: str) -> None:
    statements = interface_statements(service, Boundary(OURS), REGION)
    action = f"{service.partition('.')[0]}:Anything"

    assert passes(statements, action, "*", caller=OURS, owner=OURS)
    assert not passes(statements, action, "*", caller=STRANGER, owner=STRANGER)
    assert not passes(statements, action, "*", caller=OURS, owner=STRANGER)
    assert not passes(statements, action, "*", caller=STRANGER, owner=OURS)
    assert not passes(statements, action, "*", caller=SISTER, owner=OURS)


def test_organisation_s_accounts_pass_to_one_another_and_no_others() -> None:
    statements = interface_statements("secretsmanager", Boundary(OURS, ORGANISATION), REGION)

    assert passes(statements, "secretsmanager:GetSecretValue", "*", caller=OURS, owner=SISTER)
    assert passes(statements, "secretsmanager:GetSecretValue", "*", caller=SISTER, owner=OURS)
    assert not passes(statements, "secretsmanager:GetSecretValue", "*", caller=OURS, owner=STRANGER)
    assert not passes(statements, "secretsmanager:GetSecretValue", "*", caller=STRANGER, owner=OURS)


def test_queue_of_the_environment_alone_takes_messages_once_it_is_known() -> None:
    known = interface_statements("sqs", Boundary(OURS, celery_queue=QUEUE), REGION)
    not_yet = interface_statements("sqs", Boundary(OURS), REGION)

    for statements in (known, not_yet):
        assert passes(statements, "sqs:SendMessage", QUEUE, caller=OURS, owner=MWAA)
        assert not passes(statements, "sqs:SendMessage", QUEUE, caller=STRANGER, owner=MWAA)
        assert not passes(statements, "sqs:DeleteQueue", QUEUE, caller=OURS, owner=MWAA)
    assert passes(not_yet, "sqs:SendMessage", FOREIGN_QUEUE, caller=OURS, owner=STRANGER)
    assert not passes(known, "sqs:SendMessage", FOREIGN_QUEUE, caller=OURS, owner=STRANGER)


@pytest.mark.parametrize("closed", [True, False])
def test_queues_of_the_own_account_take_messages_and_strangers_never_do(*, closed: bool) -> None:
    boundary = Boundary(OURS, closed=closed, celery_queue=QUEUE)
    statements = interface_statements("sqs", boundary, REGION)
    own, strange = f"arn:aws:sqs:{REGION}:{OURS}:orders", f"arn:aws:sqs:{REGION}:{STRANGER}:orders"

    assert passes(statements, "sqs:SendMessage", own, caller=OURS, owner=OURS)
    assert not passes(statements, "sqs:SendMessage", strange, caller=OURS, owner=STRANGER)


def test_images_are_pulled_by_anybody_and_pushed_by_own_callers_alone() -> None:
    statements = interface_statements("ecr.dkr", Boundary(OURS), REGION)

    assert passes(statements, "ecr:BatchGetImage", "*", caller=MWAA, owner=MWAA)
    assert passes(statements, "ecr:PutImage", "*", caller=OURS, owner=OURS)
    assert not passes(statements, "ecr:PutImage", "*", caller=OURS, owner=STRANGER)


def test_gateway_to_s3_leads_to_own_buckets_and_to_those_that_are_named() -> None:
    statements = gateway_statements(Boundary(OURS, readable_buckets=("open-data",)), REGION)

    def allowed(action: str, arn: str, owner: str, caller: str = OURS) -> bool:
        return passes(statements, action, arn, caller=caller, owner=owner)

    assert allowed("s3:PutObject", "arn:aws:s3:::flights/key", OURS)
    assert not allowed("s3:PutObject", "arn:aws:s3:::theirs/key", STRANGER)
    assert not allowed("s3:GetObject", "arn:aws:s3:::theirs/key", STRANGER)
    assert not allowed("s3:GetObject", "arn:aws:s3:::flights/key", OURS, caller=STRANGER)
    assert allowed("s3:GetObject", LAYERS, MWAA, caller=MWAA)
    assert allowed("s3:GetObject", PACKAGES, MWAA, caller=MWAA)
    assert not allowed("s3:PutObject", LAYERS, MWAA)
    assert allowed("s3:GetObject", "arn:aws:s3:::open-data/key", STRANGER)
    assert allowed("s3:ListBucket", "arn:aws:s3:::open-data", STRANGER)
    assert not allowed("s3:PutObject", "arn:aws:s3:::open-data/key", STRANGER)


def test_without_a_boundary_everybody_passes_as_aws_recommends() -> None:
    boundary = Boundary(OURS, closed=False)

    kms = interface_statements("kms", boundary, REGION)
    s3 = gateway_statements(boundary, REGION)
    assert passes(kms, "kms:Decrypt", "*", caller=MWAA, owner=STRANGER)
    assert passes(s3, "s3:PutObject", "arn:aws:s3:::theirs/key", caller=OURS, owner=STRANGER)
