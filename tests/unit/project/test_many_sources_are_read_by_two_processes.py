"""Whoever reads the Python files of a large DAG folder, the same comes of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.dag_files import dag_files, read_aside
from mwaactl.project.scan import scan
from mwaactl.project.second_reader import SecondReader
from mwaactl.project.source_facts import SharedFacts
from mwaactl.project.sources import BATCH, Place, Source, read_source, read_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILES = 3 * BATCH + 5
ROOTS = frozenset({"dags"})


@dataclass(slots=True)
class Scripted:
    """An aside whose batches are there at once; None stands for a moment at which none is."""

    batches: deque[Sequence[Source | None] | None]
    waited: list[bool] = field(default_factory=list)
    asked: tuple[tuple[Place, ...], frozenset[str]] | None = None

    def begin(self, places: Sequence[Place], roots: frozenset[str], *, fewest: int) -> None:
        del fewest
        self.asked = (tuple(places), roots)

    def batch(self, *, wait: bool) -> Sequence[Source | None] | None:
        self.waited.append(wait)
        return self.batches.popleft() if self.batches else None


@pytest.fixture
def places(tmp_path: Path) -> tuple[Place, ...]:
    folder = tmp_path / "dags"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"m{number:03}.py").write_text(f"import m{(number + 1) % FILES:03}\nX = {number}\n")
    return tuple(Place(str(each), f"dags/{each.name}") for each in sorted(folder.iterdir()))


def read_all(places: Sequence[Place]) -> list[Source]:
    return [read_source(each, ROOTS) for each in places]


@pytest.mark.parametrize("moments", [0, 1, 7, FILES])
def test_sources_of_both_are_in_the_order_of_the_files(places: tuple[Place, ...], moments: int) -> None:
    told = read_all(places)
    batches = [told[start : start + BATCH] for start in range(0, FILES, BATCH)]
    aside = Scripted(deque([*[None] * moments, *batches]))

    assert read_sources(places, ROOTS, SharedFacts(), aside) == told


def test_last_files_are_waited_for_where_another_reads_them(places: tuple[Place, ...]) -> None:
    aside = Scripted(deque([read_all(places)[:BATCH]]))

    read_sources(places[: BATCH + 2], ROOTS, SharedFacts(), aside)

    assert aside.waited == [False, True, True]


def test_what_could_not_be_read_aside_is_read_again(places: tuple[Place, ...]) -> None:
    aside = Scripted(deque([[None] * BATCH, [None] * BATCH]))

    assert read_sources(places, ROOTS, SharedFacts(), aside) == read_all(places)


def test_file_that_nobody_can_read_is_named(places: tuple[Place, ...], tmp_path: Path) -> None:
    (tmp_path / "dags" / "m000.py").unlink()

    with pytest.raises(ProjectError, match=r"`dags/m000.py` cannot be read: No such file or directory"):
        read_sources(places, ROOTS, SharedFacts(), Scripted(deque([[None, *read_all(places[1:BATCH])]])))


def test_second_process_reads_what_this_one_would_read(places: tuple[Place, ...]) -> None:
    told: list[Source | None] = []
    with SecondReader() as reader:
        reader.begin(places, ROOTS, fewest=1)
        assert reader.called.is_set()
        while batch := reader.batch(wait=True):
            told += batch

    assert told == read_all(places)
    assert reader.asked == (places, ROOTS)


def test_second_process_says_which_files_it_could_not_read(places: tuple[Place, ...], tmp_path: Path) -> None:
    (tmp_path / "dags" / "m001.py").unlink()
    (tmp_path / "dags" / "m002.py").unlink()
    (tmp_path / "dags" / "m002.py").symlink_to("m003.py")
    with SecondReader() as reader:
        reader.begin(places[:4], ROOTS, fewest=1)
        batch = reader.batch(wait=True)
        assert reader.batch(wait=True) is None
        assert reader.batch(wait=False) is None

    assert [each is None for each in batch or ()] == [False, True, True, False]


def test_second_process_ends_with_its_reader(places: tuple[Place, ...]) -> None:
    with SecondReader() as reader:
        reader.begin(places, ROOTS, fewest=1)

    assert reader._process is not None
    assert reader._process.returncode is not None
    assert not reader._thread.is_alive()


def test_no_process_begins_once_its_reader_has_ended(places: tuple[Place, ...]) -> None:
    with SecondReader() as reader:
        pass
    reader.begin(places, ROOTS, fewest=1)

    assert (reader.asked, reader.batch(wait=True), reader._process) == (None, None, None)


def test_few_files_begin_no_process(places: tuple[Place, ...]) -> None:
    with SecondReader() as reader:
        assert not reader.called.is_set()
        reader.begin(places, ROOTS, fewest=FILES + 1)

    assert reader.called.is_set()
    assert (reader.asked, reader.batch(wait=True)) == (None, None)


@pytest.mark.parametrize("change", ["nothing", "one file more", "a folder with nothing but a key"])
@pytest.mark.usefixtures("places")
def test_folder_is_the_same_whoever_read_it(tmp_path: Path, change: str) -> None:
    (tmp_path / "dags" / "uses.py").write_text("import only_keys\nonly_keys.x()\n")
    if change.startswith("a folder"):
        (tmp_path / "dags" / "only_keys").mkdir()
        (tmp_path / "dags" / "only_keys" / "id_rsa.txt").write_text(
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"
        )
    found, _ = scan(tmp_path / "dags")
    with SecondReader() as reader:
        again, _ = scan(tmp_path / "dags", partial(read_aside, reader, fewest=1))
        if change == "one file more":
            (tmp_path / "dags" / "later.py").write_text("import m001\n")
            again = found = scan(tmp_path / "dags")[0]
        by_two = dag_files(tmp_path, again, reader)

    assert reader.asked is not None
    assert by_two == dag_files(tmp_path, found)
