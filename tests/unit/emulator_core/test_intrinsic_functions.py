"""Every intrinsic function, and what is said where one is misused."""

import json
from typing import Any

import pytest

from mwaactl.emulator.cloudformation.evaluation import Scope, evaluate, holds
from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.template import parse_template

TEMPLATE = {
    "Conditions": {
        "HasKey": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Key"}, ""]}]},
        "HasVersion": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Version"}, ""]}]},
        "Both": {"Fn::And": [{"Condition": "HasKey"}, {"Condition": "HasVersion"}]},
        "Either": {"Fn::Or": [{"Condition": "HasKey"}, {"Condition": "HasVersion"}]},
    },
    "Mappings": {"Sizes": {"prod": {"workers": "10"}}},
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
}


def scope_of(**names: Any) -> Scope:
    attributes = {("Bucket", "Arn"): "arn:aws:s3:::b", ("Group", "Workgroup.Arn"): "arn:wg"}

    def imported(name: str) -> str:
        return {"network:Vpc": "vpc-1"}[name]

    return Scope(
        template=parse_template(json.dumps(TEMPLATE)),
        names={"Key": "k", "Version": "", "AWS::Region": "eu-west-1", **names},
        reference=lambda name: {"Bucket": "b"}[name],
        attribute=lambda resource, name: attributes[resource, name],
        imported=imported,
        zones=lambda region: [f"{region}a", f"{region}b"],
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Key"}, "k"),
        ({"Ref": "Bucket"}, "b"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::b"),
        ({"Fn::GetAtt": "Group.Workgroup.Arn"}, "arn:wg"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Bucket"}, 1, True]]}, "a/b/1/true"),
        ({"Fn::Split": [":", {"Fn::GetAtt": ["Bucket", "Arn"]}]}, ["arn", "aws", "s3", "", "", "b"]),
        ({"Fn::Select": ["1", ["x", "y"]]}, "y"),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "eu-west-1a"),
        ({"Fn::Select": [1, {"Fn::GetAZs": "us-east-1"}]}, "us-east-1b"),
        (
            {"Fn::Sub": "${Bucket}-${AWS::Region}-${Bucket.Arn}-${!Kept}"},
            "b-eu-west-1-arn:aws:s3:::b-${Kept}",
        ),
        ({"Fn::Sub": ["${Name}/${Key}", {"Name": {"Ref": "Bucket"}}]}, "b/k"),
        ({"Fn::FindInMap": ["Sizes", "prod", "workers"]}, "10"),
        ({"Fn::ImportValue": {"Fn::Join": [":", ["network", "Vpc"]]}}, "vpc-1"),
        ({"Fn::Base64": "text"}, "dGV4dA=="),
        ({"Fn::ToJsonString": {"a": {"Ref": "Key"}}}, '{"a": "k"}'),
        ({"Fn::If": ["HasKey", {"Ref": "Key"}, "none"]}, "k"),
        ({"Fn::Contains": [["1", "2"], {"Ref": "Version"}]}, False),
        ([{"Ref": "Key"}, {"deep": [{"Ref": "Bucket"}]}], ["k", {"deep": ["b"]}]),
    ],
)
def test_function_gives_its_value(value: Any, expected: Any) -> None:
    assert evaluate(value, scope_of()) == expected


def test_no_value_leaves_out_the_property_and_the_list_item() -> None:
    absent = {"Fn::If": ["HasVersion", {"Ref": "Version"}, {"Ref": "AWS::NoValue"}]}

    resolved = evaluate({"Path": {"Ref": "Key"}, "Version": absent, "List": ["a", absent]}, scope_of())

    assert resolved == {"Path": "k", "List": ["a"]}


@pytest.mark.parametrize(
    ("key", "version", "both", "either"),
    [("k", "v", True, True), ("k", "", False, True), ("", "", False, False)],
)
def test_conditions_refer_to_conditions(key: str, version: str, *, both: bool, either: bool) -> None:
    scope = scope_of(Key=key, Version=version)

    assert (holds("Both", scope), holds("Either", scope)) == (both, either)


def test_policy_statement_keeps_its_condition_member() -> None:
    statement = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}

    assert evaluate({"Statement": [statement]}, scope_of()) == {"Statement": [statement]}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"Fn::Select": [5, ["a"]]}, "cannot select nonexistent value at index 5"),
        ({"Fn::FindInMap": ["Sizes", "dev", "workers"]}, "Unable to get mapping for Sizes::dev::workers"),
        ({"Fn::If": ["Missing", "a", "b"]}, "unresolved condition dependency Missing"),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, "does not model the intrinsic function Fn::Cidr"),
    ],
)
def test_misuse_is_named(value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        evaluate(value, scope_of())
