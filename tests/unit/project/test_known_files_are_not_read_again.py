"""A file of a large tree that has not changed is not read again, and one that has always is."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.project.bundle import read_bundle
from mwaactl.project.facts_as_json import facts_as_json, facts_from_json
from mwaactl.project.found_file import Skipped
from mwaactl.project.kept_folders import KeptFolders
from mwaactl.project.known_files import SETTLED, KnownFiles
from mwaactl.project.source_facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.project.bundle import Bundle

SOURCES = sorted((Path(__file__).parents[3] / "src" / "mwaactl" / "project").glob("*.py"))
OTHER = "0" * 64
REPORT = "from airflow.sdk import DAG\nfrom team import scan\n\nDAG('report')\n"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
MARK = """
import os, sys
from pathlib import Path
from mwaactl.project.known_files import KeptFolders, KnownFiles
print(KnownFiles(KeptFolders(Path("none"), str), 2**62).mark(os.stat(sys.argv[1])))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    team = tmp_path / "project" / "dags" / "team"
    (team / "sql").mkdir(parents=True)
    for each in SOURCES[::8]:
        (team / each.name).write_bytes(each.read_bytes())
    (team / "sql" / "load.sql").write_text("select 1;\n")
    (team.parent / "report.py").write_text(REPORT)
    return tmp_path / "project"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "files.sqlite"


def read(
    root: Path, place: Path, *, version: str = "1", later: int = 10 * SETTLED, fewest: int = 1
) -> Bundle:
    """Read a project as a command does that runs some nanoseconds later than this one."""
    known = KnownFiles(KeptFolders.at(place, lambda: version), time.time_ns() + later, fewest=fewest)
    bundle = read_bundle(root, known=known)
    known.keep(bundle.dags)
    return bundle


def kept(place: Path) -> dict[str, dict[str, Any]]:
    with closing(sqlite3.connect(place)) as rows:
        return {name: json.loads(files) for name, files in rows.execute("select name, files from folders")}


def falsify(place: Path, folder: str, name: str) -> None:
    """Keep another digest, so that whoever takes what is kept can be told from whoever reads the file."""
    files = kept(place)[folder]
    files[name][1] = OTHER
    with closing(sqlite3.connect(place)) as rows, rows:
        rows.execute("update folders set files = ? where name = ?", [json.dumps(files), folder])


def digests(bundle: Bundle) -> dict[str, str]:
    return {each.key: each.sha256 for each in bundle.dags}


def test_what_is_kept_is_what_would_be_read(root: Path, place: Path) -> None:
    read(root, place)

    assert set(kept(place)) == {"", "team/", "team/sql/"}
    assert read(root, place) == read_bundle(root)


@pytest.mark.parametrize(
    ("folder", "name"), [("team/", SOURCES[0].name), ("team/sql/", "load.sql"), ("", "report.py")]
)
def test_an_unchanged_file_is_not_read(root: Path, place: Path, folder: str, name: str) -> None:
    read(root, place)
    falsify(place, folder, name)

    assert digests(read(root, place)) == digests(read_bundle(root)) | {f"dags/{folder}{name}": OTHER}


def set_back(path: Path, change: Callable[[Path], object]) -> None:
    """Change a file without a trace in its length and in the moment of its content's last change."""
    before = path.stat()
    change(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def replaced(path: Path) -> None:
    other = path.with_name("other.tmp")
    other.write_text("select 2;\n")
    other.replace(path)


@pytest.mark.parametrize("change", [lambda path: path.write_text("select 2;\n"), replaced])
def test_an_edit_of_the_same_length_with_its_time_set_back_is_seen(
    root: Path, place: Path, change: Callable[[Path], object]
) -> None:
    before = read(root, place)

    set_back(root / "dags" / "team" / "sql" / "load.sql", change)

    after = read(root, place)
    assert after == read_bundle(root)
    assert [key for key, each in digests(after).items() if digests(before)[key] != each] == [
        "dags/team/sql/load.sql"
    ]


def test_a_file_that_has_just_changed_is_read_again(root: Path, place: Path) -> None:
    read(root, place, later=0)

    assert kept(place) == {"": {}, "team/": {}, "team/sql/": {}}


def test_a_file_that_now_holds_a_secret_is_left_out(root: Path, place: Path) -> None:
    read(root, place)
    (root / "dags" / "team" / "sql" / "load.sql").write_text(KEY)

    bundle = read(root, place)

    assert "dags/team/sql/load.sql" not in digests(bundle)
    assert [each.path for each in bundle.skipped] == ["dags/team/sql/load.sql"]
    assert "team/sql/" not in kept(place)


def test_a_file_that_is_now_a_link_is_looked_at_as_one(root: Path, place: Path, tmp_path: Path) -> None:
    read(root, place)
    load = root / "dags" / "team" / "sql" / "load.sql"
    load.rename(tmp_path / "load.sql")
    load.symlink_to(tmp_path / "load.sql")

    assert Skipped("dags/team/sql/load.sql", "is a link that leaves the folder") in read(root, place).skipped


def test_nothing_is_kept_of_another_version(root: Path, place: Path) -> None:
    read(root, place)
    falsify(place, "team/sql/", "load.sql")

    assert read(root, place, version="2") == read_bundle(root)
    falsify(place, "team/sql/", "load.sql")
    assert read(root, place, version="1") == read_bundle(root)


def test_facts_are_read_again_where_the_folder_has_other_top_level_modules(root: Path, place: Path) -> None:
    """What a file takes of a module is looked for only where the module may be of the folder."""
    (root / "dags" / "team" / "first.py").write_text("import lib\n\nprint(lib.TABLES)\n")
    read(root, place)
    (root / "dags" / "lib.py").write_text("TABLES = ()\n")

    for _ in range(2):
        assert read(root, place) == read_bundle(root)


def test_a_new_file_that_is_no_module_has_nothing_read_again(root: Path, place: Path) -> None:
    read(root, place)
    falsify(place, "team/", SOURCES[0].name)
    (root / "dags" / "README.md").write_text("what the folder is for\n")

    assert digests(read(root, place))[f"dags/team/{SOURCES[0].name}"] == OTHER


def test_a_folder_that_is_gone_is_forgotten(root: Path, place: Path) -> None:
    read(root, place)
    (root / "dags" / "team" / "sql" / "load.sql").unlink()
    (root / "dags" / "team" / "sql").rmdir()
    (root / "dags" / "report.py").write_text("from airflow.sdk import DAG\nDAG('report')\n")

    read(root, place)

    assert set(kept(place)) == {"", "team/"}


def test_of_few_files_nothing_is_kept(root: Path, place: Path) -> None:
    read(root, place, fewest=1000)

    assert not place.exists()


def test_where_nothing_changed_nothing_is_written(root: Path, place: Path) -> None:
    read(root, place)
    before = place.stat()

    read(root, place)

    assert place.stat().st_mtime_ns == before.st_mtime_ns


def not_a_database(place: Path) -> None:
    place.write_bytes(b"something else, which is longer than the head of a database\n" * 40)


def cut_off(place: Path) -> None:
    os.truncate(place, place.stat().st_size // 2)


def empty(place: Path) -> None:
    place.write_bytes(b"")


def other_tables(place: Path) -> None:
    place.unlink()
    with closing(sqlite3.connect(place)) as rows, rows:
        rows.execute("create table head (other text)")


def rows_that_are_none(place: Path) -> None:
    with closing(sqlite3.connect(place)) as rows, rows:
        rows.execute("""update folders set files = '{"load.sql": 3, "__init__.py": [1, 2]}'""")


def rows_that_are_no_json(place: Path) -> None:
    with closing(sqlite3.connect(place)) as rows, rows:
        rows.execute("update folders set files = '['")


@pytest.mark.parametrize(
    "broken", [not_a_database, cut_off, empty, other_tables, rows_that_are_none, rows_that_are_no_json]
)
def test_what_is_broken_counts_as_nothing_and_is_made_anew(
    root: Path, place: Path, broken: Callable[[Path], None]
) -> None:
    read(root, place)
    whole = kept(place)
    broken(place)

    for _ in range(3):
        assert read(root, place) == read_bundle(root)
    assert kept(place) == whole


def test_a_place_that_cannot_be_written_is_no_failure(root: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where a folder is needed")

    assert read(root, tmp_path / "kept" / "files.sqlite") == read_bundle(root)


def test_a_place_that_cannot_be_looked_at_is_no_failure(root: Path, tmp_path: Path) -> None:
    assert read(root, tmp_path / ("long" * 100) / "files.sqlite") == read_bundle(root)


def test_who_comes_while_another_one_reads_or_writes_goes_on_without(root: Path, place: Path) -> None:
    read(root, place)
    whole = kept(place)
    (root / "dags" / "team" / "sql" / "load.sql").write_text("select 22;\n")
    with closing(sqlite3.connect(place)) as rows:
        rows.execute("begin exclusive")
        assert read(root, place) == read_bundle(root)
    reading = KeptFolders.at(place, lambda: "1")
    assert read(root, place) == read_bundle(root)
    reading.close()

    assert kept(place) == whole
    assert read(root, place) == read_bundle(root)
    assert kept(place) != whole


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_facts_survive_json(source: Path) -> None:
    facts = facts_of(f"dags/{source.name}", source.read_bytes())

    assert facts.parsed
    assert facts_from_json(json.loads(json.dumps(facts_as_json(facts)))) == facts


def test_a_mark_is_the_same_in_every_process(root: Path) -> None:
    marks = {
        subprocess.run(
            [sys.executable, "-c", MARK, str(root / "dags" / "report.py")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(marks) == 1
    assert marks != {"None\n"}
