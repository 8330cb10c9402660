import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.reading import digest_of, read_content, real_path, sha256_of

type Read = Callable[[Path, str], object]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("project/dags/lib/a.py", "project/.env", "outside/a.py", "outside/lib/a.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "project"


def test_content_and_digest_are_those_of_the_file(project: Path) -> None:
    path = project / "dags" / "lib" / "a.py"
    assert read_content(path, "dags/lib/a.py") == b"project/dags/lib/a.py"
    assert digest_of(path, "dags/lib/a.py") == (sha256_of(b"project/dags/lib/a.py"), 21)


def test_a_project_may_be_reached_through_a_link(project: Path) -> None:
    (project.parent / "here").symlink_to("project")
    path = project.parent / "here" / "dags" / "lib" / "a.py"
    assert read_content(path, "dags/lib/a.py") == b"project/dags/lib/a.py"


@pytest.mark.parametrize("read", [read_content, digest_of])
@pytest.mark.parametrize("target", ["../../../outside/a.py", "../../.env", "/etc/hostname", "b.py"])
def test_a_file_that_became_a_link_is_not_read(project: Path, read: Read, target: str) -> None:
    path = project / "dags" / "lib" / "a.py"
    (project / "dags" / "lib" / "b.py").write_text("inside")
    path.unlink()
    path.symlink_to(target)
    with pytest.raises(ProjectError, match=r"`dags/lib/a\.py` is not the file that it was") as caught:
        read(path, "dags/lib/a.py")
    assert caught.value.code == "project.changed"


@pytest.mark.parametrize("read", [read_content, digest_of])
@pytest.mark.parametrize("folder", ["dags", "dags/lib"])
def test_a_file_below_a_folder_that_became_a_link_is_not_read(project: Path, read: Read, folder: str) -> None:
    (project / folder).rename(project / "gone")
    (project / folder).symlink_to(project.parent / "outside" / folder.removeprefix("dags").lstrip("/"))
    assert (project / "dags" / "lib" / "a.py").is_file()
    with pytest.raises(ProjectError, match="a link stands in its place or above it"):
        read(project / "dags" / "lib" / "a.py", "dags/lib/a.py")


def test_the_target_of_a_link_that_was_resolved_before_is_read(project: Path) -> None:
    target = project / "dags" / "lib" / "a.py"
    assert read_content(target, "dags/b.py") == b"project/dags/lib/a.py"
    target.parent.rename(project / "dags" / "moved")
    target.parent.symlink_to("moved")
    for shown in ("dags/b.py", "dags/one/two/three/four/five/six/seven/eight/nine/ten/eleven/b.py"):
        with pytest.raises(ProjectError, match=f"`{shown}` is not the file that it was"):
            read_content(target, shown)


@pytest.mark.parametrize("read", [read_content, digest_of])
def test_a_pipe_in_its_place_neither_blocks_nor_is_read(project: Path, read: Read) -> None:
    path = project / "dags" / "lib" / "a.py"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ProjectError, match="is not the file that it was"):
        read(path, "dags/lib/a.py")


@pytest.mark.parametrize("read", [read_content, digest_of])
def test_a_file_that_is_gone_is_named(project: Path, read: Read) -> None:
    with pytest.raises(ProjectError, match=r"`dags/x\.py` cannot be read: No such file"):
        read(project / "dags" / "x.py", "dags/x.py")


@pytest.mark.parametrize("descriptors", ["/proc/self/fd", "/nowhere"])
def test_where_an_open_file_lies_is_known_with_and_without_the_kernel(
    project: Path, descriptors: str
) -> None:
    path = project / "dags" / "lib" / "a.py"
    (project / "dags" / "link").symlink_to("lib")
    with path.open() as stream:
        assert real_path(stream.fileno(), project / "dags" / "link" / "a.py", descriptors) == str(path)


def test_without_the_kernel_another_file_in_its_place_is_noticed(project: Path) -> None:
    path = project / "dags" / "lib" / "a.py"
    with path.open() as stream:
        path.rename(path.with_name("b.py"))
        path.write_text("another")
        assert real_path(stream.fileno(), path, "/nowhere") == ""
