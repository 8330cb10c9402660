"""Stacks around MWAA constructs that others published, synthesised by them and deployed as they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from mwaactl.emulator.settings import EmulatorSettings
from tests.emulator.clients.conftest import World

# Installed for this test only: neither the toolkit nor its app needs them.
PACKAGES = ("cdk-mwaa==0.0.29", "robhan-cdk-lib-aws-mwaa==0.0.275", "aws-cdk-lib==2.275.0")
PROGRAM = Path(__file__).with_name("l2_stacks.py")
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the constructs."""
    folder, uv = tmp_path_factory.mktemp("constructs") / "venv", EmulatorSettings.for_project(ROOT).uv
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    found = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(found), *PACKAGES], check=True)
    return found


@pytest.mark.whole
@pytest.mark.parametrize("construct", ["cdk-mwaa", "robhan-cdk-lib-aws-mwaa"])
def test_stack_of_the_construct_is_deployed_and_deleted(
    world: World, python: Path, tmp_path: Path, construct: str
) -> None:
    subprocess.run([str(python), str(PROGRAM), construct, str(tmp_path)], check=True, capture_output=True)
    body = (tmp_path / f"{construct}.template.json").read_text(encoding="utf-8")
    cloudformation = world.aws("cloudformation")

    cloudformation.create_stack(StackName=construct, TemplateBody=body)
    made = world.settled(construct)
    found = world.aws("mwaa").get_environment(Name=construct)["Environment"]
    cloudformation.delete_stack(StackName=construct)
    gone = world.settled(made["StackId"])

    assert (made["StackStatus"], gone["StackStatus"]) == ("CREATE_COMPLETE", "DELETE_COMPLETE")
    assert (found["Status"], found["AirflowVersion"]) == ("AVAILABLE", "3.0.6")
    assert found["WebserverAccessMode"] == "PUBLIC_ONLY"
