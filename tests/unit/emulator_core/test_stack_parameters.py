"""Parameters: passed, kept, defaulted, looked up, refused."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.parameters import (
    ParameterValue,
    choose_submitted,
    resolve_parameters,
)
from mwaactl.emulator.cloudformation.rules import refuse_broken_rules
from mwaactl.emulator.cloudformation.template import Template, parse_template

if TYPE_CHECKING:
    from collections.abc import Mapping


def template(rules: dict[str, Any] | None = None, **parameters: dict[str, Any]) -> Template:
    document = {
        "Parameters": parameters,
        "Rules": rules or {},
        "Resources": {"A": {"Type": "AWS::CDK::Metadata"}},
    }
    return parse_template(json.dumps(document))


def resolve(declared: Template, **submitted: str) -> dict[str, ParameterValue]:
    return resolve_parameters(declared, submitted, lambda name: f"value of {name}")


def test_empty_default_counts_as_a_value() -> None:
    assert resolve(template(Key={"Type": "String", "Default": ""})) == {"Key": ParameterValue("", "")}


def test_previous_value_is_used() -> None:
    requested: list[Mapping[str, Any]] = [
        {"ParameterKey": "A", "UsePreviousValue": True},
        {"ParameterKey": "B", "ParameterValue": "new"},
    ]

    assert choose_submitted(requested, {"A": ParameterValue("old", "old")}) == {"A": "old", "B": "new"}


def test_previous_value_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValidationError, match="Cannot specify usePreviousValue as true"):
        choose_submitted([{"ParameterKey": "A", "UsePreviousValue": True}], {})


def test_ssm_parameter_is_looked_up() -> None:
    declared = template(V={"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk/version"})

    found = resolve(declared)["V"]

    assert (found.submitted, found.value) == ("/cdk/version", "value of /cdk/version")


def test_list_types_are_split() -> None:
    declared = template(L={"Type": "CommaDelimitedList"}, N={"Type": "List<Number>", "Default": "1,2"})

    found = resolve(declared, L="a, b")

    assert (found["L"].value, found["N"].value) == (["a", "b"], ["1", "2"])


@pytest.mark.parametrize(
    ("declared", "submitted", "said"),
    [
        ({"A": {"Type": "String"}}, {}, r"Parameters: \[A\] must have values"),
        ({}, {"B": "x"}, r"Parameters: \[B\] do not exist in the template"),
        ({"A": {"Type": "String", "AllowedValues": ["x"]}}, {"A": "y"}, "'A' must be one of AllowedValues"),
        ({"A": {"Type": "String", "AllowedPattern": "[a-z]+"}}, {"A": "1"}, "Parameter A failed to satisfy"),
        ({"A": {"Type": "String", "MaxLength": 2}}, {"A": "abc"}, "must contain between 0 and 2 characters"),
    ],
)
def test_wrong_parameters_are_refused(declared: dict[str, Any], submitted: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        resolve(template(**declared), **submitted)


@pytest.mark.parametrize(("version", "broken"), [("5", True), ("30", False)])
def test_rule_is_judged(version: str, *, broken: bool) -> None:
    old = {"Fn::Contains": [["1", "5"], {"Ref": "Version"}]}
    assertion = {"Assert": {"Fn::Not": [old]}, "AssertDescription": "bootstrap is too old"}
    declared = template({"Check": {"Assertions": [assertion]}}, Version={"Type": "String"})

    if broken:
        with pytest.raises(ValidationError, match="bootstrap is too old"):
            refuse_broken_rules(declared, {"Version": version})
    else:
        refuse_broken_rules(declared, {"Version": version})
