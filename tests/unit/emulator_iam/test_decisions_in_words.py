"""Denials as AWS words them, and the keys that a request brings along."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from mwaactl.emulator.iam.common_keys import Circumstances, caller_keys, circumstance_keys
from mwaactl.emulator.iam.decision import Decision, Source, Verdict, denial
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.policy import Kind
from tests.unit.emulator_iam.policy_cases import CALLERS, SESSION

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-a1B2c3"
STATEMENT = {"Sid": "NoSecrets", "Effect": "Deny", "Action": "*", "Resource": "*"}


def denied_by(kind: Kind) -> Decision:
    statement = {**STATEMENT, "Principal": "*"} if kind.names_principals else STATEMENT
    document = {"Version": "2012-10-17", "Statement": statement}
    policy = read_policy(json.dumps(document), kind, "policy")
    return Decision(Verdict.EXPLICIT_DENY, Source(policy, policy.statements[0]))


# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
@pytest.mark.parametrize(
    ("decision", "end"),
    [
        (
            Decision(Verdict.NO_IDENTITY_POLICY),
            "because no identity-based policy allows the secretsmanager:GetSecretValue action",
        ),
        (
            Decision(Verdict.NO_RESOURCE_POLICY),
            "because no resource-based policy allows the secretsmanager:GetSecretValue action",
        ),
        (
            Decision(Verdict.NO_BOUNDARY),
            "because no permissions boundary allows the secretsmanager:GetSecretValue action",
        ),
        (
            Decision(Verdict.NO_SESSION_POLICY),
            "because no session policy allows the secretsmanager:GetSecretValue action",
        ),
        (denied_by(Kind.IDENTITY), "with an explicit deny in an identity-based policy"),
        (denied_by(Kind.RESOURCE), "with an explicit deny in a resource-based policy"),
        (denied_by(Kind.BOUNDARY), "with an explicit deny in a permissions boundary"),
        (denied_by(Kind.SESSION), "with an explicit deny in a session policy"),
    ],
)
def test_denial_is_worded_as_on_aws(decision: Decision, end: str) -> None:
    user = f"User: {SESSION} is not authorized to perform: secretsmanager:GetSecretValue"
    action = "secretsmanager:GetSecretValue"

    assert denial(SESSION, action, SECRET, decision) == f"{user} on resource: {SECRET} {end}"
    assert denial(SESSION, action, "*", decision) == f"{user} {end}"


def test_statement_is_known_by_its_name_or_its_number() -> None:
    document = {"Version": "2012-10-17", "Statement": [STATEMENT, {**STATEMENT, "Sid": ""}]}
    first, second = read_policy(json.dumps(document), Kind.IDENTITY, "policy").statements

    assert (first.label, second.label) == ("NoSecrets", "statement 2")


def test_keys_of_callers() -> None:
    assert caller_keys(CALLERS["tagged"]) == {
        "aws:principalisawsservice": "false",
        "aws:principaltype": "AssumedRole",
        "aws:principalarn": "arn:aws:iam::111122223333:role/teams/etl",
        "aws:principalaccount": "111122223333",
        "aws:userid": "AROAETL:run-1",
        "aws:principaltag/department": "finance",
    }
    assert caller_keys(CALLERS["user"])["aws:username"] == "Carlos"
    assert caller_keys(CALLERS["service"]) == {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": "airflow.amazonaws.com",
    }
    assert caller_keys(CALLERS["anonymous"]) == {
        "aws:principalisawsservice": "false",
        "aws:principaltype": "Anonymous",
        "aws:userid": "anonymous",
    }


def test_keys_of_circumstances() -> None:
    now = datetime(2026, 11, 26, 12, 0, 1, tzinfo=UTC)
    issued = datetime(2026, 11, 26, 11, 0, 0, tzinfo=UTC)
    found = Circumstances(now, "eu-west-1", "127.0.0.1", "aws-cli/1.46.3", secure=True, issued_at=issued)
    shared = {
        "aws:currenttime": "2026-11-26T12:00:01Z",
        "aws:epochtime": "1795694401",
        "aws:requestedregion": "eu-west-1",
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
        "aws:useragent": "aws-cli/1.46.3",
        "aws:sourceip": "127.0.0.1",
    }

    assert circumstance_keys(CALLERS["user"], found) == shared
    assert circumstance_keys(CALLERS["role"], found) == shared | {
        "aws:multifactorauthpresent": "false",
        "aws:tokenissuetime": "2026-11-26T11:00:00Z",
    }
    unknown = Circumstances(now, "eu-west-1", None)
    assert {"aws:sourceip", "aws:useragent"}.isdisjoint(circumstance_keys(CALLERS["user"], unknown))
