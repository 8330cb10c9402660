"""The bootstrap's roles may do what the CDK does with them, and not more than AWS's may."""

from __future__ import annotations

import json

import pytest

from mwaactl.emulator.cdk_role_policies import statements_of
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.principals import Caller, CallerKind
from mwaactl.emulator.iam.request import Request
from mwaactl.emulator.settings import BootstrapTarget

TARGET = BootstrapTarget("123456789012", "us-east-1")
CALLER = Caller(CallerKind.ROLE_SESSION, "arn:aws:sts::123456789012:assumed-role/r/cdk", "123456789012")
ASSETS = "arn:aws:s3:::cdk-hnb659fds-assets-123456789012-us-east-1"
EXECUTION = "arn:aws:iam::123456789012:role/cdk-hnb659fds-cfn-exec-role-123456789012-us-east-1"
STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/flights/*"


@pytest.mark.parametrize(
    ("role", "action", "resource", "allowed"),
    [
        ("deploy-role", "cloudformation:CreateChangeSet", STACK, True),
        ("deploy-role", "iam:PassRole", EXECUTION, True),
        ("deploy-role", "iam:PassRole", "arn:aws:iam::123456789012:role/admin", False),
        ("deploy-role", "s3:GetObject", f"{ASSETS}/a.zip", True),
        ("deploy-role", "s3:PutObject", f"{ASSETS}/a.zip", False),
        ("file-publishing-role", "s3:PutObject", f"{ASSETS}/a.zip", True),
        ("file-publishing-role", "s3:PutObject", "arn:aws:s3:::flights/a.zip", False),
        ("file-publishing-role", "cloudformation:CreateStack", STACK, False),
    ],
)
def test_role_of_the_bootstrap(role: str, action: str, resource: str, *, allowed: bool) -> None:
    statements = statements_of(role, "hnb659fds", TARGET)
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    policy = read_policy(text, Kind.IDENTITY, role)
    request = Request(CALLER, action, resource, {"aws:resourceaccount": "123456789012", **_own(action)})

    assert decide(request, Applicable((policy,))).allowed is allowed


def _own(action: str) -> dict[str, str]:
    return {"s3:resourceaccount": "123456789012"} if action.startswith("s3:") else {}


def test_role_that_only_has_a_managed_policy_has_no_statements() -> None:
    assert statements_of("cfn-exec-role", "hnb659fds", TARGET) == []
