"""What a change set says would happen."""

import json
from typing import Any

from mwaactl.emulator.cloudformation.change_set import changes_between
from mwaactl.emulator.cloudformation.parameters import resolve_parameters
from mwaactl.emulator.cloudformation.stack import Stack, StackInput
from mwaactl.emulator.cloudformation.template import parse_template

PARAMETERS = {"Key": {"Type": "String", "Default": ""}, "Other": {"Type": "String", "Default": ""}}
CONDITIONS = {"HasKey": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Key"}, ""]}]}}


def given(resources: dict[str, Any], tags: dict[str, str] | None = None, **parameters: str) -> StackInput:
    document = {"Parameters": PARAMETERS, "Conditions": CONDITIONS, "Resources": resources}
    template = parse_template(json.dumps(document))
    return StackInput(template, resolve_parameters(template, parameters, str), tags or {})


def bucket(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def changes(old: StackInput | None, new: StackInput) -> list[tuple[str, str, str | None]]:
    stack = Stack("id", "name", "1" * 12, "us-east-1", "CREATE_COMPLETE", given=old)
    return [(change.action, change.logical_id, change.replacement) for change in changes_between(stack, new)]


def test_everything_is_added_to_nothing() -> None:
    assert changes(None, given({"A": bucket()})) == [("Add", "A", None)]


def test_the_same_changes_nothing() -> None:
    assert changes(given({"A": bucket()}), given({"A": bucket()})) == []


def test_changed_property_says_whether_it_replaces() -> None:
    old = given({"A": bucket(BucketName="one"), "B": bucket(Tags=[])})
    new = given({"A": bucket(BucketName="two"), "B": bucket(Tags=[{"Key": "k", "Value": "v"}])})

    assert changes(old, new) == [("Modify", "A", "True"), ("Modify", "B", "False")]


def test_parameter_touches_those_that_refer_to_it_through_a_condition() -> None:
    conditional = bucket(Tags={"Fn::If": ["HasKey", [], {"Ref": "AWS::NoValue"}]})
    resources = {"A": conditional, "B": bucket(BucketName={"Ref": "Other"})}

    assert changes(given(resources), given(resources, Key="k")) == [("Modify", "A", "False")]


def test_stack_tags_touch_everything() -> None:
    resources = {"A": bucket()}

    assert changes(given(resources), given(resources, tags={"k": "v"})) == [("Modify", "A", "False")]
