import dataclasses
import hashlib
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_bundle, read_dag_file
from mwaactl.project.found_file import Skipped


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "dags/flights.py": "from airflow.sdk import DAG\nimport lib.tables\nDAG('flights')\n",
        "dags/lib/tables.py": "NAMES = ()\n",
        "dags/sql/load.sql": "select 1\n",
        "dags/.env": "SECRET=1\n",
        "plugins/mine/__init__.py": "",
        "plugins/.git/HEAD": "x",
        "requirements/requirements.txt": "requests==2.34.2\n",
        "startup/startup.sh": "export A=1\n",
        "README.md": "not shipped",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_dag_files_have_key_digest_size_and_place(project: Path) -> None:
    dags = read_bundle(project).dags
    assert [file.key for file in dags] == ["dags/sql/load.sql", "dags/lib/tables.py", "dags/flights.py"]
    assert [file.stage for file in dags] == [0, 1, 2]
    first = dags[0]
    assert first.sha256 == hashlib.sha256(b"select 1\n").hexdigest()
    assert first.size == 9
    assert read_dag_file(first) == b"select 1\n"


def test_artifacts_have_the_keys_that_the_environment_reads(project: Path) -> None:
    bundle = read_bundle(project)
    assert [each.key for each in bundle.artifacts] == [
        "artifacts/plugins.zip",
        "artifacts/requirements.txt",
        "artifacts/startup.sh",
    ]
    assert bundle.requirements is not None
    assert bundle.requirements.content == b"requests==2.34.2\n"
    assert bundle.requirements.size == 17
    assert all(each.sha256 == hashlib.sha256(each.content).hexdigest() for each in bundle.artifacts)


def test_what_is_left_out_is_told(project: Path) -> None:
    assert read_bundle(project).skipped == (
        Skipped("dags/.env", "may hold secrets"),
        Skipped("plugins/.git", "belongs to version control"),
    )


def test_reading_twice_gives_the_same_value(project: Path) -> None:
    assert read_bundle(project) == read_bundle(project)


def test_a_checkout_elsewhere_gives_the_same_digests(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = project.rename(tmp_path_factory.mktemp("elsewhere") / "clone")
    there = read_bundle(elsewhere)
    elsewhere.rename(project)
    here = read_bundle(project)
    assert [dataclasses.replace(file, root=project) for file in there.dags] == [
        dataclasses.replace(file, root=project) for file in here.dags
    ]
    assert there.artifacts == here.artifacts


def test_an_empty_project_ships_nothing(tmp_path: Path) -> None:
    bundle = read_bundle(tmp_path)
    assert (bundle.dags, bundle.artifacts, bundle.skipped) == ((), (), ())


@pytest.mark.parametrize("name", ["dags", "plugins", "requirements", "startup"])
def test_a_file_in_the_place_of_a_folder_is_left_out_and_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("export SEASON=summer\n")
    bundle = read_bundle(tmp_path)
    assert bundle.skipped == (Skipped(name, "is not a folder"),)
    assert (bundle.dags, bundle.artifacts) == ((), ())


def test_a_link_to_nothing_in_the_place_of_a_folder_is_told_and_one_to_a_folder_followed(
    project: Path,
) -> None:
    (project / "startup").rename(project / "scripts")
    (project / "startup").symlink_to("scripts")
    assert read_bundle(project).startup is not None
    (project / "scripts").rename(project / "elsewhere")
    assert Skipped("startup", "is not a folder") in read_bundle(project).skipped


def test_a_file_that_changes_while_it_is_deployed_is_noticed(project: Path) -> None:
    file = read_bundle(project).dags[0]
    file.path.write_text("select 2\n")
    with pytest.raises(ProjectError, match=r"`dags/sql/load\.sql` changed") as caught:
        read_dag_file(file)
    assert caught.value.code == "project.changed"


def test_a_file_that_vanishes_is_noticed(project: Path) -> None:
    file = read_bundle(project).dags[0]
    file.path.unlink()
    with pytest.raises(ProjectError, match="cannot be read: No such file"):
        read_dag_file(file)


@pytest.mark.parametrize("target", ["/etc/hostname", "nothing"])
def test_requirements_that_are_not_a_file_of_the_project_are_refused(project: Path, target: str) -> None:
    requirements = project / "requirements" / "requirements.txt"
    requirements.unlink()
    requirements.symlink_to(target)
    with pytest.raises(ProjectError, match="must be a regular file inside the project"):
        read_bundle(project)
