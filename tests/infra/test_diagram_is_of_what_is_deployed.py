"""The page with the drawings is made of the templates, and says nothing that they do not."""

import json
import re
from pathlib import Path

import pytest

from infra.diagram.assembly import Assembly
from infra.diagram.flows import flows
from infra.diagram.mermaid import flow_drawing, network_drawing
from infra.diagram.nodes import NOT_DRAWN, nodes
from infra.diagram.page import page
from tests.infra.templates import SynthesisedEnvironment


@pytest.fixture(scope="module")
def assembly(prod: SynthesisedEnvironment) -> Assembly:
    return Assembly.read(prod.outdir)


def arrows(drawing: str) -> set[tuple[str, str, str]]:
    """Source, label and target of each arrow that has a label."""
    return {(match[1], match[2], match[3]) for match in re.finditer(r'(\w+) -->\|"([^"]*)"\| (\w+)', drawing)}


def test_the_page_is_current(
    prod: SynthesisedEnvironment, without_nat: SynthesisedEnvironment, project_root: Path
) -> None:
    title = f"account {prod.config.account}, {prod.config.region}"
    made = page(Assembly.read(prod.outdir), Assembly.read(without_nat.outdir), title)

    shown = (project_root / "docs" / "reference" / "diagram.md").read_text(encoding="utf-8")
    assert shown == made, "write it anew with `make docs`"


def test_every_resource_is_drawn_or_said_not_to_be(assembly: Assembly) -> None:
    drawn = {member for node in nodes(assembly) for member in node.members}

    assert drawn | {each for each in assembly.resources if each.kind in NOT_DRAWN} == set(assembly.resources)
    assert len({node.key for node in nodes(assembly)}) == len(nodes(assembly))


def test_the_pipeline_can_be_followed(assembly: Assembly) -> None:
    drawing = flow_drawing(assembly, "account")
    found = {(source, target): label for source, label, target in arrows(drawing)}

    environment, function = "environment_AirflowEnvironment", "functions_NormaliseFunction"
    assert "invokes" in found[environment, function]
    assert "runs SQL" in found[environment, "warehouse"]
    assert found[environment, "storage_DataBucket"].startswith("reads _assets/")
    assert "takes its code" in found[environment, "storage_SourceBucket"]
    assert found[function, "storage_DataBucket"] == "reads landing/<br>writes normalised/, quarantine/"
    assert "writes lake/" in found["warehouse", "storage_DataBucket"]
    assert ("warehouse", "storage_SourceBucket") not in found
    assert " log groups<br>of the MWAA environment<br>of the Lambda function<br>" in drawing


def test_a_grant_that_goes_takes_its_arrow_along(prod: SynthesisedEnvironment) -> None:
    templates = {
        file.name.removesuffix(".template.json"): json.loads(file.read_text())
        for file in prod.outdir.glob("*.template.json")
    }
    functions = templates[prod.config.names.functions_stack]["Resources"]
    (policy,) = (each for each in functions.values() if each["Type"] == "AWS::IAM::Policy")
    document = policy["Properties"]["PolicyDocument"]
    document["Statement"] = [each for each in document["Statement"] if each["Sid"] != "WriteRows"]

    verbs = {
        (each.verb, each.paths)
        for each in flows(Assembly(templates))
        if each.source.kind == "AWS::Lambda::Function" and each.target.kind == "AWS::S3::Bucket"
    }

    assert verbs == {("reads", ("landing/",))}


def test_denied_actions_and_other_buckets_give_no_arrow() -> None:
    statement = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::mine/*"}
    stranger = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::mine-not/*"}
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "mine"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"FunctionName": "f", "Role": {"Fn::GetAtt": ["Role", "Arn"]}},
        },
        "Policy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "Roles": [{"Ref": "Role"}],
                "PolicyDocument": {"Statement": [statement, stranger]},
            },
        },
    }

    assert flows(Assembly({"stack": {"Resources": resources}})) == ()
    stranger["Resource"] = "arn:aws:s3:::mine/*"
    (found,) = flows(Assembly({"stack": {"Resources": resources}}))
    assert (found.source.logical_id, found.verb, found.target.logical_id) == ("Function", "reads", "Bucket")


def test_each_zone_has_its_subnets_and_its_way_out(assembly: Assembly) -> None:
    drawing = network_drawing(assembly)

    assert drawing.count("private subnet<br>") == drawing.count("public subnet<br>") == 2
    assert drawing.count("isolated subnet<br>") == 3
    ways = {tuple(line.split(" --> ")) for line in drawing.replace("  ", "").splitlines() if " --> " in line}
    assert {target for _, target in ways} == {
        "NetworkVpcpublicSubnet1Subnet",
        "NetworkVpcpublicSubnet2Subnet",
        "network_NetworkVpcIGW",
    }


def test_many_endpoints_are_one_box(without_nat: SynthesisedEnvironment) -> None:
    drawing = network_drawing(Assembly.read(without_nat.outdir))

    assert len(re.findall(r'InterfaceEndpoints\["\d+ interface endpoints<br>', drawing)) == 1
    assert "private subnet" not in drawing
    assert "internet gateway" not in drawing
