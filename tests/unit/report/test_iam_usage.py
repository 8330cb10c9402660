"""What roles did with their permissions, as text."""

from mwaactl.emulator.authorization.entity_usage import Denied, EntityUsage, UnusedActions
from mwaactl.report.iam_usage import usage_text

ROLE = "arn:aws:iam::123456789012:role/loader"
WHY = "because no identity-based policy allows the s3:GetObject action"


def test_nothing_happened_yet() -> None:
    assert usage_text(()) == "no role and no user has made a request"


def test_denials_come_before_what_was_never_used() -> None:
    usage = EntityUsage(
        entity=ROLE,
        used={"s3:PutObject": 3},
        unused=(UnusedActions("load of role loader", "Raw", ("s3:Get*", "s3:List*")),),
        denied=(Denied("s3:GetObject", "arn:aws:s3:::lake/a", WHY, 2),),
    )

    assert usage_text((usage,)) == (
        f"{ROLE}: 1 action used\n"
        f"  DENIED 2 times: s3:GetObject on arn:aws:s3:::lake/a, {WHY}\n"
        "  never used: s3:Get*, s3:List* (Raw, load of role loader)"
    )


def test_resource_that_is_all_or_unknown_is_left_out() -> None:
    denied = (Denied("sqs:ListQueues", "*", "why", 1), Denied("ecr:GetX", "", "why", 1))

    assert usage_text((EntityUsage(ROLE, {}, (), denied),)) == (
        f"{ROLE}: 0 actions used\n  DENIED 1 time: sqs:ListQueues, why\n  DENIED 1 time: ecr:GetX, why"
    )


def test_every_role_is_a_block() -> None:
    usages = (EntityUsage("a", {}, (), ()), EntityUsage("b", {}, (), ()))

    assert usage_text(usages) == "a: 0 actions used\n\nb: 0 actions used"
