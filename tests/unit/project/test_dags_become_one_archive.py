from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from mwaactl.config.load import load_config
from mwaactl.desired import DesiredObject, Layout, desired_state
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_bundle
from mwaactl.project.dag_files import DagFile
from mwaactl.project.dags_zip import content_within, dags_within, zipped
from tests.fakes.command_line import CONFIGURATION

if TYPE_CHECKING:
    from pathlib import Path

DAG = "from airflow.sdk import DAG\nDAG('x')\n"
FILES = {
    "dags/b.py": DAG,
    "dags/a.py": DAG,
    "dags/lib/deep/x.py": "y = 1\n",
    "dags/v1.2/q.sql": "select 1\n",
    "dags/team/c.py": DAG,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {"mwaactl.toml": CONFIGURATION, **FILES}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_archive_holds_every_file_and_an_entry_for_every_folder(project: Path) -> None:
    archive = zipped("flights", read_bundle(project).dags)
    assert archive.key == "dags/flights.zip"
    digest = hashlib.sha256(DAG.encode()).hexdigest()
    assert archive.dags == {"dags/flights.zip/a.py": digest, "dags/flights.zip/b.py": digest}
    assert (archive.size, archive.sha256) == (
        len(archive.content),
        hashlib.sha256(archive.content).hexdigest(),
    )
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == [
            "a.py",
            "b.py",
            "lib/",
            "lib/deep/",
            "lib/deep/x.py",
            "team/",
            "team/c.py",
            "v1.2/",
            "v1.2/q.sql",
        ]
        assert opened.read("lib/deep/x.py") == b"y = 1\n"
        assert opened.getinfo("lib/").is_dir()


def test_the_same_files_give_the_same_bytes(project: Path) -> None:
    first = zipped("flights", read_bundle(project).dags)
    for name, text in FILES.items():
        (project / name).unlink()
        (project / name).write_text(text)
        (project / name).chmod(0o755)
    assert zipped("flights", tuple(reversed(read_bundle(project).dags))) == first


def test_what_lies_in_an_archive_is_found_again(project: Path) -> None:
    archive = zipped("flights", read_bundle(project).dags)
    assert dags_within(archive.key, archive.content) == archive.dags
    assert content_within(archive.key, archive.content, "dags/flights.zip/a.py") == DAG.encode()
    assert content_within(archive.key, archive.content, "dags/flights.zip/lib/deep/x.py") == b"y = 1\n"


def test_the_archive_takes_the_place_of_the_files_in_the_desired_state(project: Path) -> None:
    environment = load_config(project / "mwaactl.toml").environments["local"]
    bundle = read_bundle(project)
    archive = zipped("flights", bundle.dags)
    state = desired_state(environment, bundle, archive)
    assert state.layout is Layout.ZIP
    assert state.dags == (
        DesiredObject(
            archive.key, archive.sha256, archive.size, stage=1, defines_dag=True, holds=archive.dags
        ),
    )
    assert state.dag_files == tuple(archive.dags)
    files = desired_state(environment, bundle)
    assert (files.layout, files.dag_files) == (Layout.FILES, ("dags/a.py", "dags/b.py", "dags/team/c.py"))
    assert state.digest != files.digest


def test_an_archive_that_python_could_not_read_is_refused(tmp_path: Path) -> None:
    def file(key: str, size: int = 1) -> DagFile:
        return DagFile(tmp_path, key, "0" * 64, size)

    with pytest.raises(
        ProjectError, match=r"has 65,537 files and folders, and Python imports from archives of 65,535"
    ):
        zipped("flights", [file(f"dags/lib/{number}.py") for number in range(65_536)])
    with pytest.raises(ProjectError, match="holds 4,294,967,297 bytes"):
        zipped("flights", [file("dags/a.py", 2**32), file("dags/b.py")])
    with pytest.raises(ProjectError, match=r"`dags/flights\.zip` is the name that the archive of all DAGs"):
        zipped("flights", [file("dags/flights.zip")])


def test_a_file_that_changed_since_it_was_read_is_not_packed(project: Path) -> None:
    bundle = read_bundle(project)
    (project / "dags/a.py").write_text("other")
    with pytest.raises(ProjectError, match=r"`dags/a\.py` changed"):
        zipped("flights", bundle.dags)
