"""Synthesis as a whole: guarded, without credentials, network or custom resources."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_ec2 as ec2

from infra.app import main, new_app
from infra.compliance import hold_to_every_pack
from tests.infra.configurations import CONFIGURATIONS
from tests.infra.templates import SynthesisedEnvironment, as_list, properties

# The home directory only for the cache of the CDK library, which takes seconds to unpack.
BARE = {
    "HOME": str(Path.home()),
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@pytest.fixture
def without_network() -> list[str]:
    """What to write before a command so that it runs in a network namespace of its own, without loopback."""
    isolated = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*isolated, "true"], check=False).returncode:
        pytest.skip("this machine cannot take the network away from a process")
    return isolated


@pytest.fixture(params=CONFIGURATIONS)
def environment(request: pytest.FixtureRequest) -> SynthesisedEnvironment:
    """Each environment in turn; that it is there says that cdk-nag found nothing."""
    found: SynthesisedEnvironment = request.getfixturevalue(request.param)
    return found


def finding_ids(outdir: Path) -> list[str]:
    reports = json.loads((outdir / "validation-report.json").read_text())["pluginReports"]
    (found,) = (each["violations"] for each in reports if each["pluginName"] == "AwsSolutions")
    return [each["ruleName"] for each in found]


def test_finding_of_cdk_nag_fails_synthesis(tmp_path: Path) -> None:
    app = new_app(tmp_path)
    stack = Stack(app, "open", env=Environment(account="123456789012", region="us-east-1"))
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["us-east-1a"]
    )
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.all_traffic())

    hold_to_every_pack(app)
    with pytest.raises(RuntimeError):
        app.synth()
    assert finding_ids(tmp_path) == ["AwsSolutions-EC23"]


def test_acknowledgement_is_about_something_that_is_there(environment: SynthesisedEnvironment) -> None:
    wildcards = re.compile(r"AwsSolutions-IAM5\[(?:Action|Resource)::(.+)\]$")

    assert environment.acknowledgements
    for path, finding, reason in environment.acknowledgements:
        if finding.startswith("CloudFormation-Validate"):
            continue  # the CDK library's own, for availability zones that are written out
        _, stack, *inside = path.split("/")
        assert inside, f"{finding} is acknowledged for a whole stack"
        assert len(reason) > 20
        if match := wildcards.search(finding):
            template = (environment.outdir / f"{stack}.template.json").read_text()
            # A function of CloudFormation is named by its JSON without spaces.
            assert f'"{match[1]}"' in template or match[1] in re.sub(r"\s", "", template)


def test_nothing_in_the_templates_runs_code_while_deploying(environment: SynthesisedEnvironment) -> None:
    kinds = {each["Type"] for template in environment.templates for each in template["Resources"].values()}
    unwanted = ("Custom::", "AWS::CloudFormation::", "AWS::CDK::")

    assert kinds
    assert not {kind for kind in kinds if kind.startswith(unwanted)}


def test_nothing_is_looked_up_in_an_account(environment: SynthesisedEnvironment) -> None:
    manifest = json.loads((environment.outdir / "manifest.json").read_text())

    assert manifest["artifacts"]
    assert "missing" not in manifest


def test_policies_grant_no_service_as_a_whole(environment: SynthesisedEnvironment) -> None:
    granted = [
        action
        for template in environment.templates
        for each in properties(template, "AWS::IAM::Policy")
        for statement in each["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    ]

    assert granted
    assert not [action for action in granted if action.endswith(":*") or action == "*"]


def test_stacks_are_named_as_the_deployment_expects(environment: SynthesisedEnvironment) -> None:
    names, vpc = environment.config.names, environment.config.network.vpc
    stacks = {path.name.removesuffix(".template.json") for path in environment.outdir.glob("*.template.json")}

    theirs = {names.network_stack} if vpc is None else {names.endpoints_stack} if vpc.owner else set()
    workflow = {names.deployment_stack} if environment.config.deployment else set()
    assert stacks == theirs | workflow | {
        names.storage_stack,
        names.warehouse_stack,
        names.functions_stack,
        names.environment_stack,
        names.observability_stack,
    }


def test_app_needs_neither_network_nor_credentials_nor_a_path(
    without_network: list[str], project_root: Path, tmp_path: Path, dev: SynthesisedEnvironment
) -> None:
    outcome = subprocess.run(
        [*without_network, sys.executable, "-m", "infra.app"],
        cwd=project_root,
        env={**BARE, "CDK_OUTDIR": str(tmp_path / "out"), "MWAACTL_ENVIRONMENT": "dev"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
    for template in dev.outdir.glob("*.template.json"):
        assert (tmp_path / "out" / template.name).read_bytes() == template.read_bytes()


def test_cdk_synth_is_quiet_and_takes_the_environment_from_the_context(
    without_network: list[str], project_root: Path, tmp_path: Path
) -> None:
    cdk = project_root / "node_modules" / "aws-cdk" / "bin" / "cdk"
    outcome = subprocess.run(
        [
            *(*without_network, os.environ["JSII_NODE"], str(cdk), "synth", "--quiet"),
            *("--context", "environment=prod", "--output", str(tmp_path / "out")),
        ],
        cwd=project_root,
        env={**BARE, "PATH": os.defpath, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stderr
    assert (tmp_path / "out" / "flights-prod-environment.template.json").is_file()
    noise = [line for line in (outcome.stdout + outcome.stderr).splitlines() if line.strip()]
    assert [line.split(" ")[0] for line in noise] == ["Successfully", "Supply"]


def test_unknown_environment_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MWAACTL_ENVIRONMENT", "prodd")

    assert main() == 1
    assert capfd.readouterr() == (
        "",
        (
            "error: there is no environment `prodd`, which MWAACTL_ENVIRONMENT names, in `mwaactl.toml`\n\n"
            "hint: did you mean `prod`?\n"
        ),
    )
