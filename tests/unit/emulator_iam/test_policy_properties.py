"""What holds for all policies and requests, tried on generated ones."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mwaactl.emulator.iam.common_keys import caller_keys
from mwaactl.emulator.iam.decision import Verdict
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.policy import Kind, Policy
from mwaactl.emulator.iam.request import Request
from tests.fakes.examples import examples
from tests.unit.emulator_iam.policy_cases import CALLERS, FOREIGN, OWN, ROLE, SESSION, USER

# A busy machine is no failure.
THOROUGH = settings(deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])

ACTIONS = ("s3:GetObject", "s3:PutObject", "kms:Decrypt", "s3:*", "*", "S3:get*", "kms:?ecrypt")
RESOURCES = (
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/c",
    f"arn:aws:kms:us-east-1:{OWN}:key/1",
    "arn:aws:s3:::b/*",
    "*",
    "arn:aws:s3:::b/${aws:username}",
)
PRINCIPALS = ("*", USER, ROLE, SESSION, OWN, FOREIGN)
CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {"StringEquals": {"aws:PrincipalType": "User"}},
    {"StringNotLike": {"s3:prefix": "a*"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["x"]}},
    {"Null": {"aws:username": "true"}},
)


def one_or_some(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3)


@st.composite
def statements(draw: st.DrawFn, kind: Kind, effects: tuple[str, ...] = ("Allow", "Deny")) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": draw(st.sampled_from(effects)),
        draw(st.sampled_from(("Action", "NotAction"))): draw(one_or_some(ACTIONS)),
        draw(st.sampled_from(("Resource", "NotResource"))): draw(one_or_some(RESOURCES)),
        "Condition": draw(st.sampled_from(CONDITIONS)),
    }
    if kind is Kind.RESOURCE:
        statement["Principal"] = {"AWS": draw(one_or_some(PRINCIPALS))}
    return statement


def policies(kind: Kind, effects: tuple[str, ...] = ("Allow", "Deny")) -> st.SearchStrategy[Policy]:
    return st.lists(statements(kind, effects), min_size=1, max_size=4).map(lambda found: policy(found, kind))


def policy(found: list[dict[str, Any]], kind: Kind) -> Policy:
    return read_policy(json.dumps({"Version": "2012-10-17", "Statement": found}), kind, kind.name)


def applicable(effects: tuple[str, ...] = ("Allow", "Deny")) -> st.SearchStrategy[Applicable]:
    return st.builds(
        Applicable,
        identity=st.lists(policies(Kind.IDENTITY, effects), max_size=2).map(tuple),
        boundary=st.none() | policies(Kind.BOUNDARY, effects),
        session=st.none() | st.lists(policies(Kind.SESSION, effects), min_size=1, max_size=2).map(tuple),
        resource=st.none() | policies(Kind.RESOURCE, effects),
        resource_decides=st.booleans(),
    )


@st.composite
def requests(draw: st.DrawFn) -> Request:
    caller = draw(st.sampled_from(tuple(CALLERS.values())))
    values = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "s3:prefix": st.sampled_from(("", "a", "b")),
                "aws:securetransport": st.sampled_from(("true", "false")),
                "aws:tagkeys": st.lists(st.sampled_from(("x", "y"))).map(tuple),
            },
        )
    )
    keys: dict[str, Any] = {**caller_keys(caller), **values}
    owner = draw(st.sampled_from((None, OWN, FOREIGN)))
    return Request(
        caller, draw(st.sampled_from(ACTIONS[:3])), draw(st.sampled_from(RESOURCES[:3])), keys, owner
    )


DENY_ALL = {"Effect": "Deny", "Action": "*", "Resource": "*"}


@THOROUGH
@given(requests(), applicable(), st.sampled_from((Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION, Kind.RESOURCE)))
def test_an_explicit_deny_wins_wherever_it_stands(request: Request, found: Applicable, kind: Kind) -> None:
    statement = {**DENY_ALL, "Principal": "*"} if kind is Kind.RESOURCE else DENY_ALL
    denying = policy([statement], kind)
    places: dict[Kind, dict[str, Any]] = {
        Kind.IDENTITY: {"identity": (*found.identity, denying)},
        Kind.BOUNDARY: {"boundary": denying},
        Kind.SESSION: {"session": (*(found.session or ()), denying)},
        Kind.RESOURCE: {"resource": denying},
    }

    assert decide(request, replace(found, **places[kind])).verdict is Verdict.EXPLICIT_DENY


@THOROUGH
@given(requests(), applicable(), statements(Kind.IDENTITY, ("Deny",)))
def test_another_deny_never_allows_more(request: Request, found: Applicable, deny: dict[str, Any]) -> None:
    stricter = replace(found, identity=(*found.identity, policy([deny], Kind.IDENTITY)))

    assert decide(request, found).allowed or not decide(request, stricter).allowed


@THOROUGH
@given(requests(), applicable(), statements(Kind.IDENTITY, ("Allow",)))
def test_another_allow_of_the_identity_never_allows_less(
    request: Request, found: Applicable, allow: dict[str, Any]
) -> None:
    wider = replace(found, identity=(*found.identity, policy([allow], Kind.IDENTITY)))

    assert decide(request, wider).allowed or not decide(request, found).allowed


@THOROUGH
@given(requests(), applicable(), policies(Kind.BOUNDARY), policies(Kind.SESSION))
def test_limits_only_take_away(
    request: Request, found: Applicable, boundary: Policy, session: Policy
) -> None:
    free = replace(found, boundary=None, session=None)

    for limits in ({"boundary": boundary}, {"session": (session,)}):
        limited: dict[str, Any] = limits
        assert decide(request, free).allowed or not decide(request, replace(free, **limited)).allowed


@THOROUGH
@given(requests(), applicable(), st.randoms(use_true_random=False))
def test_order_of_statements_and_policies_does_not_matter(
    request: Request, found: Applicable, random: Any
) -> None:
    def shuffled(each: Policy) -> Policy:
        return replace(each, statements=tuple(random.sample(each.statements, len(each.statements))))

    mixed = replace(
        found,
        identity=tuple(shuffled(each) for each in random.sample(found.identity, len(found.identity))),
        boundary=shuffled(found.boundary) if found.boundary else None,
        session=None if found.session is None else tuple(shuffled(each) for each in reversed(found.session)),
        resource=shuffled(found.resource) if found.resource else None,
    )

    assert decide(request, mixed).verdict is decide(request, found).verdict


@THOROUGH
@given(requests(), applicable())
def test_a_decision_names_a_statement_of_the_policies_that_were_given(
    request: Request, found: Applicable
) -> None:
    source = decide(request, found).source

    assert source is None or (
        source.policy in list(found.all()) and source.statement in source.policy.statements
    )


@THOROUGH
@given(requests(), applicable(("Allow",)))
def test_without_a_deny_nothing_is_explicitly_denied(request: Request, found: Applicable) -> None:
    assert decide(request, found).verdict is not Verdict.EXPLICIT_DENY


@THOROUGH
@given(requests())
def test_without_policies_only_the_root_passes(request: Request) -> None:
    allowed = decide(request, Applicable()).allowed

    assert allowed == (request.caller.kind.name == "ROOT" and not request.crosses_accounts)
