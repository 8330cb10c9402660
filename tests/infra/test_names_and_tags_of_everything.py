"""Every resource that takes tags has them, every name follows from the configuration."""

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tests.infra.conftest import synthesise
from tests.infra.templates import Resource, SynthesisedEnvironment

# Properties that name a resource for people.
NAMES = (
    "AlarmName",
    "AliasName",
    "BucketName",
    "BudgetName",
    "DashboardName",
    "FunctionName",
    "GroupName",
    "LogGroupName",
    "ManagedPolicyName",
    "Name",
    "NamespaceName",
    "QueueName",
    "RoleName",
    "RuleName",
    "TableName",
    "TopicName",
    "WorkgroupName",
)


@pytest.fixture(params=["prod", "without_nat"])
def environment(request: pytest.FixtureRequest) -> SynthesisedEnvironment:
    found: SynthesisedEnvironment = request.getfixturevalue(request.param)
    return found


def resources_of(environment: SynthesisedEnvironment) -> Iterator[tuple[str, Resource]]:
    for template in environment.templates:
        yield from template["Resources"].items()


def takes_tags(kind: str) -> bool:
    """What the type's published schema says, as cfn-lint brings it along."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    tagging = schema.get("tagging", {})
    return bool(tagging.get("taggable", schema.get("taggable", False))) and "Tags" in schema["properties"]


def tags_of(resource: Resource) -> dict[str, str]:
    tags = resource.get("Properties", {}).get("Tags", [])
    return tags if isinstance(tags, dict) else {each["Key"]: each["Value"] for each in tags}


def test_every_resource_that_takes_tags_has_them(environment: SynthesisedEnvironment) -> None:
    wanted = dict(environment.config.tags)
    untagged = {
        logical_id: each["Type"]
        for logical_id, each in resources_of(environment)
        if takes_tags(each["Type"]) and not wanted.items() <= tags_of(each).items()
    }

    assert {"project", "environment"} <= set(wanted)
    assert untagged == {}


def test_every_name_begins_with_project_and_environment(environment: SynthesisedEnvironment) -> None:
    prefix = environment.config.names.prefix
    expected = (
        prefix,
        f"alias/{prefix}",
        f"airflow-{prefix}-",
        f"/aws/lambda/{prefix}",
        f"/aws/vpc/{prefix}",
    )
    given = {
        (each["Type"], value)
        for _, each in resources_of(environment)
        for name, value in each.get("Properties", {}).items()
        if name in NAMES and isinstance(value, str)
    }

    assert ("AWS::MWAA::Environment", prefix) in given
    assert {each for each in given if not each[1].startswith(expected)} == set()


# The CDK takes the stack's name into the id of a rule between security groups.
GROUP_RULE = re.compile(r"from\w+?SecurityGroup[0-9A-F]{8}ALLTRAFFIC[0-9A-F]{8}")


def neutral(environment: SynthesisedEnvironment) -> dict[str, Any]:
    """All templates, with what names the environment taken out."""
    config = environment.config
    names = ((config.names.prefix, "NAME"), (config.account, "ACCOUNT"), (f'"{config.environment}"', '"ENV"'))
    found = {}
    for file in sorted(environment.outdir.glob("*.template.json")):
        text = GROUP_RULE.sub("fromItself", file.read_text())
        for known, neutral_text in names:
            text = text.replace(known, neutral_text)
        found[file.name.replace(config.names.prefix, "NAME")] = json.loads(text)
    return found


def test_two_environments_with_the_same_values_have_the_same_stacks(
    prod: SynthesisedEnvironment, tmp_path: Path
) -> None:
    # The configuration's tag `stage` happens to be called like the environment.
    tags = {**prod.config.tags, "environment": "other", "stage": "other"}
    config = dataclasses.replace(prod.config, environment="other", account="999988887777", tags=tags)
    twin = synthesise(config, tmp_path)

    assert "flights-other-environment.template.json" in {file.name for file in tmp_path.iterdir()}
    assert neutral(twin) == neutral(prod)
