"""The corpus that AWS's documentation specifies: policies and a request, and the decision with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mwaactl.emulator.iam.decision import Verdict
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import decide
from mwaactl.emulator.iam.malformed import MalformedPolicyError
from mwaactl.emulator.iam.policy import Kind
from tests.unit.emulator_iam.policy_cases import PolicyCase, RefusedCase, policy_cases, refused_cases

if TYPE_CHECKING:
    from mwaactl.emulator.iam.decision import Decision

CASES = list(policy_cases())
REFUSED = list(refused_cases())
LEAST = 150


def described(decision: Decision) -> str:
    """Return the decision in the corpus's words."""
    if not decision.allowed and decision.verdict is not Verdict.EXPLICIT_DENY:
        assert decision.source is None
        return f"no {decision.verdict.value}"
    done = "allowed" if decision.allowed else "denied"
    if decision.source is None:
        return done
    kind = decision.source.policy.kind
    name = "resource" if kind is Kind.TRUST else kind.name.lower()
    return f"{done} by {name} {decision.source.statement.number}"


def test_corpus_is_as_large_as_promised_and_names_each_case_once() -> None:
    names = [case.name for case in CASES] + [case.name for case in REFUSED]

    assert len(CASES) >= LEAST
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_decision_is_the_documented_one(case: PolicyCase) -> None:
    assert described(decide(case.request, case.policies)) == case.decision


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_malformed_document_is_refused(case: RefusedCase) -> None:
    with pytest.raises(MalformedPolicyError) as caught:
        read_policy(case.text, case.kind, "policy")
    assert caught.value.message == case.refused
