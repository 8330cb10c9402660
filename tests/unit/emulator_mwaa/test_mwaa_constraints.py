"""The model's own constraints, found in botocore's data."""

from __future__ import annotations

import pytest

from mwaactl.emulator.mwaa.constraints import check_constraints
from mwaactl.emulator.mwaa.exceptions import ValidationError


def _refusal(operation: str, **parameters: object) -> str:
    with pytest.raises(ValidationError) as caught:
        check_constraints(operation, parameters)
    return str(caught.value.message)


def test_every_problem_is_counted_and_named() -> None:
    message = _refusal("InvokeRestApi", Name="9", Path="", Method="HEAD")
    assert message.startswith("3 validation errors detected: ")
    assert "'9' at 'name'" in message
    assert (
        "'' at 'path' failed to satisfy constraint: Member must have length greater than or equal to 1"
        in message
    )
    assert "enum value set: [GET, PUT, POST, PATCH, DELETE]" in message


def test_documents_may_hold_anything() -> None:
    query = {"a": [1, {"b": None}]}
    check_constraints(
        "InvokeRestApi", {"Name": "n", "Path": "/", "Method": "GET", "QueryParameters": query, "Body": query}
    )


def test_tags_may_use_letters_of_any_script() -> None:
    arn = "arn:aws:airflow:us-east-1:123456789012:environment/n"
    check_constraints("TagResource", {"ResourceArn": arn, "Tags": {"équipe": "データ 1"}})
    assert "tags" in _refusal("TagResource", ResourceArn=arn, Tags={"a": "<script>"})


def test_nested_members_are_found_by_path() -> None:
    groups = {"SecurityGroupIds": ["sg-1", "wrong"]}
    message = _refusal("UpdateEnvironment", Name="n", NetworkConfiguration=groups)
    assert "'wrong' at 'networkConfiguration.securityGroupIds.2.member'" in message


def test_numbers_are_bounded() -> None:
    assert "'26' at 'maxResults'" in _refusal("ListEnvironments", MaxResults=26)
    assert "'0' at 'maxResults'" in _refusal("ListEnvironments", MaxResults=0)


def test_pattern_must_match_to_the_end() -> None:
    assert "'name'" in _refusal("GetEnvironment", Name="good\n")
