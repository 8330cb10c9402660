"""Buckets, key and warehouse outlive their stacks, unless the file and the command both say otherwise."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.app import new_app
from infra.retention import one_key_missing, release_data, releases_data
from infra.stacks.storage import StorageStack
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.errors import ConfigError
from tests.infra.conftest import configured
from tests.infra.templates import SynthesisedEnvironment

KEEPERS = ("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::DynamoDB::Table")
MESSAGES = {"AWS::SQS::Queue": {("Delete", "Delete")}}  # what they tell of stands in the bucket


@pytest.fixture
def keeping() -> EnvironmentConfig:
    return configured("dev")


@pytest.fixture
def deleting(keeping: EnvironmentConfig) -> EnvironmentConfig:
    return dataclasses.replace(keeping, data="delete")


def policies(template: dict[str, object]) -> dict[str, set[tuple[str, str]]]:
    """Type of each resource that says what becomes of it, with what it says."""
    found: dict[str, set[tuple[str, str]]] = {}
    resources = template["Resources"]
    assert isinstance(resources, dict)
    for each in resources.values():
        if "DeletionPolicy" in each:
            said = (each["DeletionPolicy"], each["UpdateReplacePolicy"])
            found.setdefault(each["Type"], set()).add(said)
    return found


def test_what_holds_data_is_kept(prod: SynthesisedEnvironment) -> None:
    kept = ("RetainExceptOnCreate", "Retain")

    assert policies(prod.storage) == {**{kind: {kept} for kind in KEEPERS}, **MESSAGES}
    assert policies(prod.warehouse) == {"AWS::RedshiftServerless::Namespace": {kept}}


def test_with_both_keys_it_goes(deleting: EnvironmentConfig, tmp_path: Path) -> None:
    app = new_app(tmp_path)
    StorageStack(app, config=deleting)
    assert releases_data(deleting, "dev")
    release_data(app)
    app.synth()

    template = json.loads((tmp_path / f"{deleting.names.storage_stack}.template.json").read_text())
    gone = ("Delete", "Delete")
    assert policies(template) == {**{kind: {gone} for kind in KEEPERS}, **MESSAGES}


def test_the_file_alone_keeps_it_and_a_sentence_says_so(deleting: EnvironmentConfig) -> None:
    assert not releases_data(deleting, None)
    assert one_key_missing(deleting, None) == (
        '`dev` keeps its data: deleting it needs `-c destroy_data=dev` beside `data = "delete"`'
    )


def test_nothing_is_said_where_nobody_wants_it_gone(
    keeping: EnvironmentConfig, deleting: EnvironmentConfig
) -> None:
    assert not releases_data(keeping, None)
    assert one_key_missing(keeping, None) is None
    assert one_key_missing(deleting, "dev") is None


def test_the_command_alone_is_refused(keeping: EnvironmentConfig) -> None:
    with pytest.raises(ConfigError, match="keeps its data") as refused:
        releases_data(keeping, "dev")

    assert refused.value.hint == 'to let it go with its stacks, set `data = "delete"` as well'


@pytest.mark.parametrize("named", ["prod", "", "true"])
def test_a_command_that_names_another_environment_is_refused(deleting: EnvironmentConfig, named: str) -> None:
    with pytest.raises(ConfigError, match=f"`destroy_data` is `{named}`, but this is `dev`"):
        releases_data(deleting, named)


def test_the_app_refuses_before_it_writes_anything(project_root: Path, tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=project_root,
        env={
            "HOME": str(Path.home()),
            "PATH": os.defpath,
            "CDK_OUTDIR": str(tmp_path / "out"),
            "CDK_CONTEXT_JSON": json.dumps({"environment": "prod", "destroy_data": "prod"}),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 1
    assert outcome.stderr == (
        "error: `prod` keeps its data: `environments.prod.data` is `keep`\n\n"
        'hint: to let it go with its stacks, set `data = "delete"` as well\n'
    )
    assert not [*tmp_path.rglob("*.template.json")]
