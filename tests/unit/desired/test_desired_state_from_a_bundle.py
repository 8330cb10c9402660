from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.config.load import load_config
from mwaactl.desired import ArtifactKind, DesiredState, desired_state
from mwaactl.project.bundle import read_bundle
from tests.fakes.command_line import CONFIGURATION

if TYPE_CHECKING:
    from pathlib import Path


def state_of(root: Path, files: dict[str, str]) -> DesiredState:
    for path, content in {"mwaactl.toml": CONFIGURATION, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    environment = load_config(root / "mwaactl.toml").environments["local"]
    return desired_state(environment, read_bundle(root))


def test_data_come_before_modules_and_modules_before_dags(tmp_path: Path) -> None:
    state = state_of(
        tmp_path,
        {
            "dags/load.sql": "select 1",
            "dags/base.py": "X = 1",
            "dags/tables.py": "import base",
            "dags/a.py": "import tables\nfrom airflow import DAG\nDAG('a')",
        },
    )

    stages = {each.key: each.stage for each in state.dags}
    assert stages["dags/load.sql"] < stages["dags/base.py"] < stages["dags/tables.py"] < stages["dags/a.py"]


def test_a_dag_that_imports_nothing_still_comes_after_the_deepest_module(tmp_path: Path) -> None:
    state = state_of(
        tmp_path, {"dags/base.py": "X = 1", "dags/tables.py": "import base", "dags/a.py": "DAG('a')"}
    )

    stages = {each.key: each.stage for each in state.dags}
    assert stages["dags/a.py"] > stages["dags/tables.py"]


def test_what_imports_a_file_with_a_dag_comes_after_it_even_without_a_dag_of_its_own(tmp_path: Path) -> None:
    state = state_of(
        tmp_path,
        {
            "dags/base.py": "from airflow import DAG\nDAG('base')\ndef make(name): return DAG(name)",
            "dags/sales.py": "# an airflow dag\nimport base\nd = base.make('sales')",
        },
    )

    stages = {each.key: each.stage for each in state.dags}
    assert stages["dags/base.py"] < stages["dags/sales.py"]


def test_the_digest_follows_content_and_version_only(tmp_path: Path) -> None:
    first = state_of(tmp_path / "one", {"dags/a.py": "DAG('a')"})
    same = state_of(tmp_path / "two", {"dags/a.py": "DAG('a')"})
    other = state_of(tmp_path / "three", {"dags/a.py": "DAG('b')"})

    assert first.digest == same.digest != other.digest


def test_a_vpc_that_exists_already_needs_no_stack(tmp_path: Path) -> None:
    vpc = """
[environments.local.network.vpc]
id = "vpc-0123456789abcdef0"
subnets = ["subnet-0000000a", "subnet-0000000b"]
warehouse_subnets = ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"]
"""
    built, existing = state_of(tmp_path, {}), state_of(tmp_path, {"mwaactl.toml": CONFIGURATION + vpc})

    assert built.foundation_stacks == built.names.foundation_stacks
    assert existing.foundation_stacks == tuple(
        each for each in built.names.foundation_stacks if each != built.names.network_stack
    )


def test_artifacts_are_those_that_the_project_has(tmp_path: Path) -> None:
    state = state_of(tmp_path, {"dags/a.py": "", "startup/startup.sh": "export A=1\n"})

    assert [each.kind for each in state.artifacts] == [ArtifactKind.STARTUP_SCRIPT]
