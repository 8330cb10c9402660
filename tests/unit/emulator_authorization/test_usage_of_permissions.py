"""What was used, what never was, and what was denied, from policies and decisions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.emulator.authorization import usage as usage_module
from mwaactl.emulator.authorization.access import UNKNOWN_RESOURCE, Access
from mwaactl.emulator.authorization.entity_usage import Denied, EntityUsage, UnusedActions
from mwaactl.emulator.authorization.usage import Usage, Use
from mwaactl.emulator.authorization.usage_report import usage_report
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable, allowing, decide
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.principals import Caller, CallerKind
from mwaactl.emulator.iam.request import Request

if TYPE_CHECKING:
    from mwaactl.emulator.iam.policy import Policy

ACCOUNT = "123456789012"
LOADER = f"arn:aws:iam::{ACCOUNT}:role/loader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/loader/one"
LAKE = "arn:aws:s3:::lake"


def policy(*statements: dict[str, Any]) -> Policy:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return read_policy(document, Kind.IDENTITY, "load of role loader")


def allow(actions: str | list[str], resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def reported(owned: Policy, *asked: tuple[str, str]) -> EntityUsage:
    """The report on one role that has this policy and asked for these actions on resources."""
    usage = Usage()
    caller = Caller(CallerKind.ROLE_SESSION, SESSION, ACCOUNT, LOADER)
    for action, resource in asked:
        request = Request(caller, action, resource, {"aws:userid": "AROA:one"})
        decision = decide(request, Applicable((owned,)))
        by = allowing(request, (owned,)) if decision.allowed else ()
        usage.record(LOADER, Access(action, resource), decision, by)
    [found] = usage_report(usage, lambda entity: (owned,) if entity == LOADER else ())
    return found


def test_what_is_used_is_counted_and_what_is_not_is_named_with_its_statement() -> None:
    owned = policy(
        allow(["s3:GetObject", "s3:PutObject"], f"{LAKE}/raw/*", Sid="Raw"),
        allow("s3:DeleteObject", f"{LAKE}/old/*"),
    )

    found = reported(owned, ("s3:GetObject", f"{LAKE}/raw/a"), ("s3:GetObject", f"{LAKE}/raw/b"))

    assert found == EntityUsage(
        entity=LOADER,
        used={"s3:GetObject": 2},
        unused=(
            UnusedActions("load of role loader", "Raw", ("s3:PutObject",)),
            UnusedActions("load of role loader", "statement 2", ("s3:DeleteObject",)),
        ),
        denied=(),
    )


def test_what_is_denied_is_counted_and_says_why() -> None:
    owned = policy(allow("s3:GetObject", f"{LAKE}/raw/*"))
    asked = ("s3:GetObject", f"{LAKE}/curated/a")

    found = reported(owned, asked, asked)

    why = "because no identity-based policy allows the s3:GetObject action"
    assert found.denied == (Denied(*asked, why, 2),)
    assert found.used == {}


def test_a_denied_action_counts_as_never_used() -> None:
    owned = policy(
        allow("s3:GetObject", f"{LAKE}/*", Sid="Read"),
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
    )

    found = reported(owned, ("s3:GetObject", f"{LAKE}/a"))

    assert found.unused == (UnusedActions("load of role loader", "Read", ("s3:GetObject",)),)


def test_the_same_action_elsewhere_does_not_use_a_statement() -> None:
    owned = policy(
        allow("s3:GetObject", f"{LAKE}/raw/*", Sid="Raw"),
        allow("s3:GetObject", f"{LAKE}/curated/*", Sid="Curated"),
    )

    found = reported(owned, ("s3:GetObject", f"{LAKE}/raw/a"))

    assert [unused.statement for unused in found.unused] == ["Curated"]


@pytest.mark.parametrize(
    ("statement", "asked"),
    [
        (allow("S3:getobj*", f"{LAKE}/*"), ("s3:GetObject", f"{LAKE}/a")),
        (allow("s3:*", f"{LAKE}/${{aws:userid}}/*"), ("s3:GetObject", f"{LAKE}/AROA:one/a")),
        (allow("s3:ListAllMyBuckets", "*"), ("s3:ListAllMyBuckets", "*")),
        (allow("ecr:Get*", f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/a"), ("ecr:GetX", UNKNOWN_RESOURCE)),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, ("sqs:SendMessage", "*")),
        (
            {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": f"{LAKE}/secret/*"},
            ("s3:GetObject", f"{LAKE}/a"),
        ),
    ],
    ids=["other-case", "variable", "no-resource", "unknown-resource", "not-action", "not-resource"],
)
def test_statement_is_used(statement: dict[str, Any], asked: tuple[str, str]) -> None:
    owned = policy(statement, allow("s3:GetObject", f"{LAKE}/*"), allow("*", "*"))

    found = reported(owned, asked)

    assert "statement 1" not in [unused.statement for unused in found.unused]


def test_not_resource_is_not_used_by_what_it_leaves_out() -> None:
    left_out = {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": f"{LAKE}/secret/*"}

    found = reported(policy(left_out, allow("s3:*", "*")), ("s3:GetObject", f"{LAKE}/secret/a"))

    assert [unused.statement for unused in found.unused] == ["statement 1"]


def test_role_that_is_gone_keeps_what_it_did() -> None:
    usage = Usage()
    caller = Caller(CallerKind.ROLE_SESSION, SESSION, ACCOUNT, LOADER)
    owned = Applicable((policy(allow("s3:*", "*")),))
    usage.record(LOADER, Access("s3:GetObject", f"{LAKE}/a"), decide(_get(caller), owned))

    [found] = usage_report(usage, lambda _: ())

    assert (found.used, found.unused) == ({"s3:GetObject": 1}, ())


def test_only_so_many_resources_are_kept_and_all_uses_count() -> None:
    usage = Usage()
    caller = Caller(CallerKind.ROLE_SESSION, SESSION, ACCOUNT, LOADER)
    decision = decide(_get(caller), Applicable((policy(allow("s3:*", "*")),)))
    for number in range(usage_module.MOST + 5):
        usage.record(LOADER, Access("s3:GetObject", f"{LAKE}/{number}"), decision)
    usage.record(LOADER, Access("s3:GetObject", f"{LAKE}/0"), decision)

    counts = usage.counts()

    assert len(counts) == usage_module.MOST + 1
    assert next(iter(counts.values())) == 2
    assert counts[Use(LOADER, "s3:GetObject", UNKNOWN_RESOURCE)] == 5


def test_trace_keeps_an_access_once_for_each_set_of_its_condition_keys() -> None:
    usage = Usage()
    caller = Caller(CallerKind.ROLE_SESSION, SESSION, ACCOUNT, LOADER)
    allowed = decide(_get(caller), Applicable((policy(allow("s3:*", "*")),)))
    for prefix in ("raw/", "lake/", "raw/"):
        usage.record(LOADER, Access("s3:ListBucket", LAKE, {"s3:prefix": prefix}), allowed)

    assert [(each.entity, each.action, each.keys, each.allowed) for each in usage.trace()] == [
        (LOADER, "s3:ListBucket", {"s3:prefix": "raw/"}, True),
        (LOADER, "s3:ListBucket", {"s3:prefix": "lake/"}, True),
    ]


def _get(caller: Caller) -> Request:
    return Request(caller, "s3:GetObject", f"{LAKE}/a", {})
