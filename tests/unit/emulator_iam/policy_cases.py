"""Reads the corpus: flat files of groups, each with its page of AWS's documentation and its cases.

A case is policies (`identity`, `boundary`, `session`, `resource`, `key`, `trust`: a statement, a list of them
or a document), a `caller`, a `request` (action and resource), `keys`, and the `decision`. What a group says
holds for each of its cases that does not say otherwise; with `template`, a case is a `condition` of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from mwaactl.emulator.iam.common_keys import caller_keys
from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.evaluation import Applicable
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.principals import ANONYMOUS, Caller, CallerKind, service
from mwaactl.emulator.iam.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.emulator.iam.policy import Policy

FOLDER = Path(__file__).parent / "cases"
OWN, FOREIGN = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{OWN}:role/teams/etl"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/etl/run-1"
USER = f"arn:aws:iam::{OWN}:user/Carlos"
CALLERS: Mapping[str, Caller] = MappingProxyType(
    {
        "user": Caller(CallerKind.USER, USER, OWN, user_id="AIDACARLOS"),
        "role": Caller(CallerKind.ROLE_SESSION, SESSION, OWN, ROLE, "AROAETL:run-1"),
        "tagged": Caller(
            CallerKind.ROLE_SESSION, SESSION, OWN, ROLE, "AROAETL:run-1", {"department": "finance"}
        ),
        "federated": Caller(
            CallerKind.FEDERATED_USER, f"arn:aws:sts::{OWN}:federated-user/Carlos", OWN, USER, f"{OWN}:Carlos"
        ),
        "root": Caller(CallerKind.ROOT, f"arn:aws:iam::{OWN}:root", OWN, user_id=OWN),
        "stranger": Caller(CallerKind.USER, f"arn:aws:iam::{FOREIGN}:user/Eve", FOREIGN, user_id="AIDAEVE"),
        "foreign-root": Caller(CallerKind.ROOT, f"arn:aws:iam::{FOREIGN}:root", FOREIGN, user_id=FOREIGN),
        "service": service("airflow.amazonaws.com"),
        "anonymous": ANONYMOUS,
    }
)


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """One case, complete."""

    name: str
    request: Request
    policies: Applicable
    decision: str


@dataclass(frozen=True, slots=True)
class RefusedCase:
    """A document that is no policy."""

    name: str
    text: str
    kind: Kind
    refused: str


def policy_cases() -> Iterator[PolicyCase]:
    """Yield every case of a decision."""
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem != "malformed":
            yield from (_policy_case(path.stem, case) for case in _cases(path))


def refused_cases() -> Iterator[RefusedCase]:
    """Yield every case of a refusal."""
    for case in _cases(FOLDER / "malformed.yaml"):
        text = case.get("text", "") * case.get("repeat", 1)
        if not text:
            document = case.get("document") or {"Version": "2012-10-17", "Statement": case["statement"]}
            text = json.dumps(document)
        yield RefusedCase(f"malformed: {case['name']}", text, Kind[case["kind"].upper()], case["refused"])


def _cases(path: Path) -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load(path.read_text(encoding="utf-8")):
        assert group["page"].startswith("https://docs.aws.amazon.com/"), group
        shared = {name: value for name, value in group.items() if name not in {"page", "says", "cases"}}
        yield from (shared | case for case in group["cases"])


def _policy_case(file: str, case: dict[str, Any]) -> PolicyCase:
    if "template" in case:
        case["identity"] = {**case["template"], "Condition": case["condition"]}
    caller = CALLERS[case.get("caller", "user")]
    action, resource = case["request"].split(" ", 1)
    given = case.get("keys", {}).items()
    keys = {name.lower(): tuple(value) if isinstance(value, list) else value for name, value in given}
    request = Request(caller, action, resource, {**caller_keys(caller), **keys}, case.get("owner"))
    return PolicyCase(f"{file}: {case['name']}", request, _policies(case), case["decision"])


def _policies(case: dict[str, Any]) -> Applicable:
    resource = next((name for name in ("resource", "key", "trust") if name in case), None)
    kind = Kind.TRUST if resource == "trust" else Kind.RESOURCE
    return Applicable(
        identity=_listed(case, "identity", Kind.IDENTITY),
        boundary=_policy(case["boundary"], Kind.BOUNDARY) if "boundary" in case else None,
        session=_listed(case, "session", Kind.SESSION) or None,
        resource=_policy(case[resource], kind) if resource else None,
        resource_decides=resource in {"key", "trust"},
    )


def _listed(case: dict[str, Any], name: str, kind: Kind) -> tuple[Policy, ...]:
    single = [case[name]] if name in case else []
    return tuple(_policy(each, kind) for each in case.get(f"{name}_policies", single))


def _policy(found: Any, kind: Kind) -> Policy:
    document = found if "Statement" in found else {"Version": "2012-10-17", "Statement": found}
    return read_policy(json.dumps(document), kind, kind.name.lower())
