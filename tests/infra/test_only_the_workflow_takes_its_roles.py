"""The trust of the roles of continuous deployment, judged by the emulator's evaluator."""

import json

import pytest

from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.principals import Caller, CallerKind, web_identity
from mwaactl.emulator.iam.request import Request
from tests.infra.templates import SynthesisedEnvironment, resources

ACCOUNT = "123456789012"
ISSUER = "token.actions.githubusercontent.com"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
ON_MAIN = {
    "aud": "sts.amazonaws.com",
    "sub": "repo:organisation/flights:environment:mwaactl",
    "ref": "refs/heads/main",
}
PULL_REQUEST = {
    "aud": "sts.amazonaws.com",
    "sub": "repo:organisation/flights:pull_request",
    "ref": "refs/pull/7/merge",
}


def may_take(
    environment: SynthesisedEnvironment, part: str, claims: dict[str, str], provider: str = GITHUB
) -> bool:
    return judged(environment, part, web_identity(provider), "sts:AssumeRoleWithWebIdentity", claims)


def judged(
    environment: SynthesisedEnvironment, part: str, caller: Caller, action: str, claims: dict[str, str]
) -> bool:
    [role] = [
        each["Properties"]
        for logical_id, each in resources(environment.deployment, "AWS::IAM::Role").items()
        if logical_id.startswith(part)
    ]
    document = json.dumps(role["AssumeRolePolicyDocument"])
    [made] = resources(environment.deployment, "AWS::IAM::OIDCProvider")
    document = document.replace(json.dumps({"Fn::GetAtt": [made, "Arn"]}), json.dumps(GITHUB))
    trust = read_policy(document, Kind.TRUST, part)
    keys = {f"{ISSUER}:{claim}": value for claim, value in claims.items()}
    request = Request(caller, action, f"arn:aws:iam::{ACCOUNT}:role/{part}", keys)
    return decide(request, Applicable(resource=trust, resource_decides=True)).allowed


def test_the_workflow_takes_its_roles(continuous: SynthesisedEnvironment) -> None:
    assert may_take(continuous, "Deploy", ON_MAIN)
    assert may_take(continuous, "Plan", PULL_REQUEST)


@pytest.mark.parametrize(
    "claims",
    [
        PULL_REQUEST,
        {**ON_MAIN, "ref": "refs/heads/feature"},
        {**ON_MAIN, "ref": "refs/tags/main"},
        {**ON_MAIN, "sub": "repo:organisation/flights:environment:other"},
        {**ON_MAIN, "sub": "repo:organisation/flights:ref:refs/heads/main"},
        {**ON_MAIN, "sub": "repo:organisation/other:environment:mwaactl"},
        {**ON_MAIN, "sub": "repo:stranger/flights:environment:mwaactl"},
        {**ON_MAIN, "aud": "https://github.com/organisation"},
        {claim: value for claim, value in ON_MAIN.items() if claim != "ref"},
        {claim: value for claim, value in ON_MAIN.items() if claim != "aud"},
        {},
    ],
)
def test_no_other_token_deploys(continuous: SynthesisedEnvironment, claims: dict[str, str]) -> None:
    assert not may_take(continuous, "Deploy", claims)


@pytest.mark.parametrize(
    "claims",
    [
        ON_MAIN,
        {**PULL_REQUEST, "sub": "repo:stranger/flights:pull_request"},
        {**PULL_REQUEST, "sub": "repo:organisation/flights:ref:refs/heads/feature"},
        {**PULL_REQUEST, "aud": "other"},
    ],
)
def test_no_other_token_plans(continuous: SynthesisedEnvironment, claims: dict[str, str]) -> None:
    assert not may_take(continuous, "Plan", claims)


@pytest.mark.parametrize("part", ["Deploy", "Plan"])
def test_neither_another_provider_nor_the_account_takes_them(
    continuous: SynthesisedEnvironment, part: str
) -> None:
    claims = {"Deploy": ON_MAIN, "Plan": PULL_REQUEST}[part]
    other = f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.example.com"
    admin = Caller(CallerKind.USER, f"arn:aws:iam::{ACCOUNT}:user/admin", ACCOUNT)

    assert not may_take(continuous, part, claims, other)
    assert not judged(continuous, part, admin, "sts:AssumeRole", {})
