from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from mwaactl.errors import ApplyError
from mwaactl.executor.cdk import CDK, CdkCli, failure_reason

if TYPE_CHECKING:
    from pathlib import Path

FAILED = (
    "flights-local-network | 1/9 | 8:47:35 AM | CREATE_FAILED | AWS::EC2::VPC | Vpc no more VPCs",
    (
        "❌  flights-local-network failed: ToolkitError: "
        "The stack named flights-local-network failed creation: no more VPCs"
    ),
    "at FullCloudFormationDeployment.monitorDeployment (/x/y.js:1:1)",
)


def project(root: Path, script: str) -> CdkCli:
    """A project whose Node is a shell script that gets the arguments of the CDK."""
    node = root / ".venv" / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    node.chmod(node.stat().st_mode | stat.S_IXUSR)
    (root / CDK).parent.mkdir(parents=True)
    (root / CDK).touch()
    return CdkCli(root, "local", {"PATH": os.defpath})


def test_the_lines_of_the_child_are_passed_on_without_colour(tmp_path: Path) -> None:
    cdk = project(tmp_path, r"printf '\033[32mone\033[0m\n\n'; echo two >&2")
    lines: list[str] = []

    cdk.deploy(("a",), {}, lines.append)

    assert lines == ["one", "two"]


def test_stacks_parameters_and_environment_reach_the_cdk(tmp_path: Path) -> None:
    cdk = project(tmp_path, 'shift; echo "$@"')
    lines: list[str] = []

    cdk.deploy(("a", "b"), {"b": {"Key": "k=1"}}, lines.append)
    cdk.deploy(("c",), {}, lines.append)

    common = (
        "--exclusively --require-approval never --progress events --concurrency 4 --context environment=local"
    )
    assert lines == [
        f"deploy a b {common} --output .mwaactl/cdk.out --parameters b:Key=k=1",
        f"deploy c {common} --app .mwaactl/cdk.out",
    ]


def test_a_failure_carries_the_reason_that_the_cdk_gives(tmp_path: Path) -> None:
    cdk = project(tmp_path, f"echo '{FAILED[1]}'; exit 1")

    with pytest.raises(ApplyError, match="stack `flights-local-network` failed: The stack named"):
        cdk.deploy(("flights-local-network",), {}, lambda _: None)


def test_a_missing_cdk_says_how_to_install_it(tmp_path: Path) -> None:
    project(tmp_path, "true")
    (tmp_path / CDK).unlink()

    with pytest.raises(ApplyError) as failed:
        CdkCli(tmp_path, "local", {}).deploy(("a",), {}, lambda _: None)

    assert failed.value.hint == "run `make setup`"


def test_a_missing_node_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(ApplyError, match="Node is needed"):
        CdkCli(tmp_path, "local", {"PATH": str(tmp_path)}).deploy(("a",), {}, lambda _: None)


def test_the_reason_is_the_first_failed_stack() -> None:
    assert failure_reason(FAILED) == (
        "stack `flights-local-network` failed: "
        "The stack named flights-local-network failed creation: no more VPCs"
    )


def test_without_a_failed_stack_the_last_error_is_the_reason() -> None:
    assert failure_reason(["a", "ValueError: no such class", "b"]) == "ValueError: no such class"
    assert failure_reason(["the end"]) == "the end"
    assert failure_reason(["no such file", "python app.py: Subprocess exited with error 1"]) == "no such file"
    assert failure_reason(["app: Subprocess exited with error 1"]) == "app: Subprocess exited with error 1"
    assert failure_reason([]) is None
