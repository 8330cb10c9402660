"""Without any one statement of the execution role, the pipeline is denied what it asks for, by its action.

The calls are recorded (`pipeline_accesses.yaml`); `tests/emulator/end_to_end/test_execution_role.py` runs the
pipeline with the real Airflow, without statements too.
"""

import json
from typing import Any

import pytest

from mwaactl.emulator.iam.decision import denial
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind, Policy
from mwaactl.emulator.iam.principals import Caller, CallerKind
from mwaactl.emulator.iam.request import Request
from tests.infra.pipeline_accesses import RecordedAccess, recorded_accesses
from tests.infra.templates import SynthesisedEnvironment, properties

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/execution"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/execution/AmazonMWAA-airflow"
EXECUTION_ROLE = Caller(CallerKind.ROLE_SESSION, SESSION, ACCOUNT, ROLE)
# What other stacks export: here and in the record they have these ARNs.
EXPORTED = {
    "EncryptionKey": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/of-the-environment",
    "Workgroup": f"arn:aws:redshift-serverless:us-east-1:{ACCOUNT}:workgroup/of-the-environment",
}

DENIED_WITHOUT = {
    "ReadSource": {"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"},
    "WriteLogs": {"logs:CreateLogStream", "logs:PutLogEvents"},
    "AccountWide": {"logs:DescribeLogGroups"},
    "UseKey": {"kms:Decrypt"},
    "ListData": {"s3:ListBucket"},
    "InvokeFunction": {"lambda:InvokeFunction"},
    "RunSql": {"redshift-data:BatchExecuteStatement"},
    "FollowOwnSql": {"redshift-data:DescribeStatement", "redshift-data:GetStatementResult"},
    "ReadAdminSecret": {"secretsmanager:GetSecretValue"},
    "DecryptAdminSecret": {"kms:Decrypt"},
}

NOT_SHOWN_HERE = {
    "PublishMetrics": "MWAA's agent in each container publishes them, which is not part of Airflow",
    "NoListOfBuckets": "denies what nothing allows",
    "CeleryQueue": "the emulator's tasks need no queue: they run with the LocalExecutor",
    "ReadAndWriteData": "the tasks only list the bucket; the function and the warehouse, which do more, have "
    "roles of their own",
}


def documents(environment: SynthesisedEnvironment) -> list[dict[str, Any]]:
    """The role's policies, with the ARNs of other stacks filled in."""
    found = [each["PolicyDocument"] for each in properties(environment.environment, "AWS::IAM::Policy")]
    return [document | {"Statement": [_filled(each) for each in document["Statement"]]} for document in found]


def _filled(statement: dict[str, Any]) -> dict[str, Any]:
    resource = statement["Resource"]
    if not isinstance(resource, dict):
        return statement
    [arn] = [arn for name, arn in EXPORTED.items() if name in resource["Fn::ImportValue"]]
    return statement | {"Resource": arn}


def policies(environment: SynthesisedEnvironment, without: str | None = None) -> tuple[Policy, ...]:
    kept = [
        document | {"Statement": [each for each in document["Statement"] if each["Sid"] != without]}
        for document in documents(environment)
    ]
    return tuple(read_policy(json.dumps(each), Kind.IDENTITY, "of the role") for each in kept)


def denied(owned: tuple[Policy, ...], access: RecordedAccess) -> str | None:
    """AWS's sentence, or None; the key's policy leaves the decision to those of the account's roles."""
    decision = decide(
        Request(EXECUTION_ROLE, access.action, access.resource, access.keys), Applicable(identity=owned)
    )
    return None if decision.allowed else denial(SESSION, access.action, access.resource, decision)


def sids(environment: SynthesisedEnvironment) -> list[str]:
    return [each["Sid"] for document in documents(environment) for each in document["Statement"]]


def test_role_allows_all_that_the_pipeline_asks_for(local: SynthesisedEnvironment) -> None:
    owned = policies(local)

    assert [sentence for each in recorded_accesses() if (sentence := denied(owned, each))] == []


def test_every_statement_is_needed_or_says_why_nothing_shows_it(local: SynthesisedEnvironment) -> None:
    assert sorted(sids(local)) == sorted([*DENIED_WITHOUT, *NOT_SHOWN_HERE])


@pytest.mark.parametrize("sid", [*DENIED_WITHOUT, *NOT_SHOWN_HERE])
def test_without_the_statement_is_denied(local: SynthesisedEnvironment, sid: str) -> None:
    owned = policies(local, without=sid)
    sentences = {each.action: sentence for each in recorded_accesses() if (sentence := denied(owned, each))}

    assert set(sentences) == DENIED_WITHOUT.get(sid, set())
    for action, sentence in sentences.items():
        assert f"User: {SESSION} is not authorized to perform: {action} " in sentence
        assert sentence.endswith(f" because no identity-based policy allows the {action} action")
