"""What IAM's API takes can be read, what it refuses is refused in the same words; moto has them from AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator

from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.malformed import MalformedPolicyError
from mwaactl.emulator.iam.policy import Kind

BASE: dict[str, Any] = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::example"}
ABSENT = object()
IN_DOCUMENTS: dict[str, list[Any]] = {
    "Version": ["2012-10-17", "2013-10-17", "", 1],
    "Id": ["an id", ["an id"], {}, 1, ""],
    "Extra": ["value"],
    "Statement": [ABSENT, [], "text", ["text"], [BASE], [BASE, BASE], [[BASE]]],
}
IN_STATEMENTS: dict[str, list[Any]] = {
    "Effect": [ABSENT, "Deny", "allow", "DENY", "invalid", "", [], 1],
    "Action": [
        ABSENT,
        "*",
        [],
        "",
        "invalid",
        "a a:b",
        "s3:a:b",
        ["s3:Get*", "iam: x y"],
        [[]],
        {},
        "s3-s.x:b",
    ],
    "Resource": [
        ABSENT,
        "*",
        [],
        "",
        "invalid",
        ["*", "arn:aws:s3:::a"],
        "arn:aws",
        "arn:aws:text",
        "arn:aws:s3::a",
        "arn:aws::::a",
        "arn:aws::text",
        "arn:error:s3:::a",
        "a:b",
        "a:b:c",
        "a:b:c:d:e:f:g:h",
        "aws:s3:::a",
        "arn:aws-cn:s3:::a",
        "arn:*:s3:::a",
        {"a": "b"},
        ["arn:aws:s3:::a", {}],
        [None, "*"],
    ],
    "Extra": ["value"],
    "Sid": ["name", "", [], {}, 1],
    "Condition": [
        {},
        [],
        "text",
        {"a": "b"},
        {"a": {}},
        {"a": {"b": "c"}},
        {"DateGreaterThan": {}},
        {"DateGreaterThan": {"a": []}},
        {"DateGreaterThan": {"a": {}}},
        {"DateGreaterThan": []},
        {"StringEquals": {"a": "b"}},
        {"StringEquals": {"a": True}},
        {"StringEqualsIfExists": {"a": "b"}},
        {"ForAnyValue:StringEqualsIfExists": {"a": "b"}},
        {"ForAnyValue::StringEquals": {"a": "b"}},
        {"ForSomeValues:StringEquals": {"a": "b"}},
        *(
            {"DateLessThan": {"a": value}}
            for value in (
                "2019-07-01T13:20:15Z",
                "2016-12-13T21:20:37.593194+00:00",
                "2016-12-13t2:00:00.593194+23",
                "2016-12-13t2:00:00.593194+1",
                "2016-12-13t2:00:00.1999999999+10:59",
                "01T",
                "234-13",
                "-292275054",
                "9223372036854775807",
                "9223372036854775808",
                "text",
                ["2019", "text"],
            )
        ),
    ],
}


def documents() -> list[str]:
    """Every document that differs from a good one in a single element."""
    good = {"Version": "2012-10-17", "Statement": BASE}
    found = [_with(good, name, value) for name, values in IN_DOCUMENTS.items() for value in values]
    changed = [_with(BASE, name, value) for name, values in IN_STATEMENTS.items() for value in values]
    both = [{**BASE, "NotAction": "s3:*"}, {**BASE, "NotResource": []}]
    inverted = [_with(_with(BASE, "Action", ABSENT), "NotAction", "s3:*"), {**BASE, "NotResource": "*"}]
    found += [{**good, "Statement": statement} for statement in (*changed, *both, *inverted)]
    return [json.dumps(each) for each in found]


def _with(found: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    kept = {key: each for key, each in found.items() if key != name}
    return kept if value is ABSENT else {**kept, name: value}


@pytest.mark.parametrize("text", documents())
def test_document_is_judged_as_by_the_api(text: str) -> None:
    api, own = None, None
    try:
        IAMPolicyDocumentValidator(text).validate()
    except MalformedPolicyDocument as refused:
        api = refused.message
    try:
        read_policy(text, Kind.IDENTITY, "policy")
    except MalformedPolicyError as refused:
        own = refused.message

    assert own == api


def test_every_policy_that_aws_provides_can_be_read() -> None:
    found = json.loads(aws_managed_policies_data)

    read = [read_policy(json.dumps(each["Document"]), Kind.IDENTITY, name) for name, each in found.items()]

    assert len(read) == len(found) > 1000
    assert all(policy.statements for policy in read)
