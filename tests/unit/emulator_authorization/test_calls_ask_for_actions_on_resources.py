"""Calls and what IAM judges for them, as a flat file of pairs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from mwaactl.catalog.iam_requests import iam_requests
from mwaactl.emulator.authorization.accesses import accesses
from mwaactl.emulator.authorization.call import Call
from tests.fakes.account_in_memory import ACCOUNT, REGION, AccountInMemory

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).with_name("access_cases.yaml")
LEAST = 100


@dataclass(frozen=True, slots=True)
class AccessCase:
    call: Call
    asks: list[str]
    keys: dict[str, Any] = field(default_factory=dict)


def cases() -> Iterator[AccessCase]:
    for service, listed in yaml.safe_load(CASES.read_text(encoding="utf-8")).items():
        for case in listed:
            call = Call(service, case["call"], case.get("with", {}), REGION, ACCOUNT)
            yield AccessCase(call, [_expanded(each) for each in case["asks"]], case.get("keys", {}))


def _expanded(asked: str) -> str:
    service = asked.partition(":")[0]
    return asked.replace("{arn}", f"arn:aws:{service}:{REGION}:{ACCOUNT}")


ALL = list(cases())


def test_every_described_service_has_cases() -> None:
    assert {case.call.service for case in ALL} == set(iam_requests())
    assert len(ALL) >= LEAST


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.call.service} {case.call.operation}")
def test_call_asks_for(case: AccessCase) -> None:
    found = accesses(case.call, iam_requests()[case.call.service], AccountInMemory())

    assert [f"{access.action} {access.resource}" for access in found] == case.asks
    for key, value in case.keys.items():
        assert found[0].keys[key] == (tuple(value) if isinstance(value, list) else value)


def test_use_of_a_key_says_through_which_service_and_for_what() -> None:
    call = Call("s3", "PutObject", {"Bucket": "sealed", "Key": "k"}, REGION, ACCOUNT)

    _, use = accesses(call, iam_requests()["s3"], AccountInMemory())

    assert use.keys == {
        "kms:viaservice": "s3.us-east-1.amazonaws.com",
        "kms:calleraccount": ACCOUNT,
        "aws:viaawsservice": "true",
        "kms:encryptioncontextkeys": ("aws:s3:arn",),
        "kms:encryptioncontext:aws:s3:arn": "arn:aws:s3:::sealed/k",
    }


def test_key_of_a_bucket_is_used_for_the_bucket() -> None:
    call = Call("s3", "GetObject", {"Bucket": "sealed-as-a-whole", "Key": "there/k"}, REGION, ACCOUNT)

    _, use = accesses(call, iam_requests()["s3"], AccountInMemory())

    assert use.keys["kms:encryptioncontext:aws:s3:arn"] == "arn:aws:s3:::sealed-as-a-whole"


def test_a_role_that_is_handed_over_says_to_whom() -> None:
    given = {"Name": "e", "ExecutionRoleArn": "arn:aws:iam::123456789012:role/r"}
    call = Call("airflow", "CreateEnvironment", given, REGION, ACCOUNT)

    _, passed = accesses(call, iam_requests()["airflow"], AccountInMemory())

    assert passed.keys == {"iam:passedtoservice": "airflow.amazonaws.com"}
