import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.reading import digest_of
from mwaactl.project.requirements.files import write_locked
from mwaactl.project.requirements.storage import exclusive, replace_file, scratch_folder, writing


def _quiet(_: str) -> None:
    """Tells nobody."""


def _killed_in_scratch(parent: Path) -> None:
    with scratch_folder(parent, ".trial-") as folder:
        (folder / "half").write_text("x")
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_scratch_folder_is_named_without_links_so_that_what_is_in_it_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    with scratch_folder(tmp_path / "link", ".trial-") as folder:
        (folder / "a.whl").write_bytes(b"a")
        assert digest_of(folder / "a.whl", "a.whl")[1] == 1
    assert list((tmp_path / "there").iterdir()) == [tmp_path / "there" / ".scratch.lock"]


def test_a_scratch_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, ".trial-") as folder:
        assert folder.is_dir()
    assert not folder.exists()


def test_what_a_killed_process_left_is_removed_and_what_another_uses_is_not(tmp_path: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=_killed_in_scratch, args=(tmp_path,))
    child.start()
    child.join()
    (left,) = tmp_path.glob(".trial-*")
    assert (left / "half").exists()
    with scratch_folder(tmp_path, ".trial-") as first, scratch_folder(tmp_path, ".trial-") as second:
        assert not left.exists()
        assert first.is_dir()
        assert second.is_dir()


def test_folders_for_another_purpose_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / ".fetching-x"
    other.mkdir()
    with scratch_folder(tmp_path, ".trial-"):
        assert other.is_dir()


def _hold(lock: Path, order: Path) -> None:
    with exclusive(lock, _quiet), order.open("a") as stream:
        stream.write("in ")
        stream.flush()
        stream.write("out ")


def test_one_at_a_time_goes_on(tmp_path: Path) -> None:
    lock, order = tmp_path / "locks" / "lock", tmp_path / "order"
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_hold, args=(lock, order)) for _ in range(4)]
    told: list[str] = []
    with exclusive(lock, told.append):
        for child in children:
            child.start()
    for child in children:
        child.join()
    assert order.read_text() == "in out " * 4
    assert told == []


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "new" / "file.txt"
    replace_file(target, b"one")
    replace_file(target, b"two")
    assert target.read_bytes() == b"two"
    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    present = os.umask(0)
    os.umask(present)
    return present


@pytest.mark.parametrize("inside", [True, False])
def test_a_linked_file_is_written_where_it_lies_unless_that_is_outside(
    tmp_path: Path, *, inside: bool
) -> None:
    project = tmp_path / "project"
    target, link = (project if inside else tmp_path) / "mine.txt", project / "requirements/requirements.txt"
    link.parent.mkdir(parents=True)
    target.write_text("one")
    link.symlink_to(target)

    assert write_locked(project, "two")

    assert (link.is_symlink(), link.read_text()) == (inside, "two")
    assert target.read_text() == ("two" if inside else "one")


def test_a_file_that_cannot_be_replaced_stays_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "in").write_text("x")
    with pytest.raises(ProjectError, match="`folder` cannot be written: ") as caught, writing("folder"):
        replace_file(target, b"x")
    assert caught.value.code == "project.unwritable"
    assert list(tmp_path.iterdir()) == [target]
