"""Templates in JSON and YAML, the order of their resources, and what is wrong with some."""

import json
from typing import Any

import pytest

from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.references import dependency_order, references
from mwaactl.emulator.cloudformation.template import parse_template

YAML = """
AWSTemplateFormatVersion: 2010-09-09
Description: a bucket
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub "${AWS::StackName}-data"
      Tags:
        - {Key: zone, Value: !Select [0, !GetAZs ""]}
  Policy:
    Type: AWS::S3::BucketPolicy
    DependsOn: Bucket
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: {Resource: !GetAtt Bucket.Arn}
"""


def template(resources: dict[str, Any], **sections: Any) -> str:
    return json.dumps({"Resources": resources, **sections})


def resource(depends_on: Any = (), **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": properties, "DependsOn": depends_on}


def test_yaml_short_forms_become_functions() -> None:
    parsed = parse_template(YAML)

    bucket, policy = parsed.resources["Bucket"], parsed.resources["Policy"]
    assert bucket.properties["BucketName"] == {"Fn::Sub": "${AWS::StackName}-data"}
    assert bucket.properties["Tags"][0]["Value"] == {"Fn::Select": [0, {"Fn::GetAZs": ""}]}
    assert policy.properties == {
        "Bucket": {"Ref": "Bucket"},
        "PolicyDocument": {"Resource": {"Fn::GetAtt": ["Bucket", "Arn"]}},
    }
    assert (bucket.deletion_policy, policy.depends_on) == ("Retain", ("Bucket",))
    assert parsed.sections["AWSTemplateFormatVersion"] == "2010-09-09"


def test_resources_come_after_those_they_refer_to() -> None:
    parsed = parse_template(
        template(
            {
                "C": resource(depends_on=["B"]),
                "B": resource(Name={"Fn::Sub": "${A.Arn}"}),
                "A": resource(),
            }
        )
    )

    assert dependency_order(parsed) == ["A", "B", "C"]


def test_reference_to_nothing_is_named() -> None:
    parsed = parse_template(template({"A": resource(Name={"Fn::GetAtt": ["Ghost", "Arn"]})}))

    with pytest.raises(ValidationError, match=r"Unresolved resource dependencies \[Ghost\]"):
        dependency_order(parsed)


def test_circle_is_named() -> None:
    parsed = parse_template(template({"A": resource(depends_on="B"), "B": resource(depends_on="A")}))

    with pytest.raises(ValidationError, match=r"Circular dependency between resources: \[A, B\]"):
        dependency_order(parsed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "At least one Resources member must be defined"),
        ('{"Resources": {"A": {}}}', "Every Resources object must contain a Type member"),
        ('{"Resource": {}}', r"Invalid template property or properties \[Resource\]"),
        ('{"Resources": {"A": {"Type": "T", "Propertys": {}}}}', "'Propertys'"),
        ("[1]", "unsupported structure"),
        ("a: [", "YAML not well-formed"),
    ],
)
def test_malformed_template_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        parse_template(text)


def test_references_include_conditions_and_exclude_local_variables() -> None:
    value = {
        "Fn::If": [
            "HasKey",
            {"Fn::Sub": ["${Local}-${Far.Arn}", {"Local": {"Ref": "Near"}}]},
            {"Ref": "AWS::NoValue"},
        ]
    }

    assert set(references(value)) == {"HasKey", "Far", "Near", "AWS::NoValue"}
