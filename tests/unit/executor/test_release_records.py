from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from mwaactl.errors import OperationError
from mwaactl.executor.release_id import release_id
from mwaactl.executor.release_record import decode, encode
from mwaactl.observed import Release, ReleasedFile, ReleaseState

NOW = datetime(2026, 11, 23, 8, 15, 0, 123456, tzinfo=UTC)
RELEASE = Release(
    id="20261123T081500123Z-1f3a9c2e",
    digest="1f3a9c2e" * 8,
    state=ReleaseState.RELEASED,
    files=(
        ReleasedFile("dags/a.py", "a" * 64, '"e1"', "v1", 12, 3, defines_dag=True),
        ReleasedFile("dags/ä b.sql", "b" * 64, '"e2"', "v2", 0, 0),
    ),
    airflow_version="3.3.1",
    git_commit=None,
    who="arn:aws:iam::123456789012:user/dora",
    when=NOW.isoformat(),
    failure=None,
    restores="20261122T081500123Z-0badcafe",
    replaces="20261123T081400123Z-deadbeef",
)


def test_a_record_is_read_as_it_was_written() -> None:
    assert decode(encode(RELEASE), "releases/x.json") == RELEASE


def test_a_record_without_files_is_json_too() -> None:
    empty = Release("i", "d", ReleaseState.FAILED, (), "3.3.1", None, "dora", NOW.isoformat(), "why")

    assert json.loads(encode(empty))["files"] == []
    assert decode(encode(empty), "releases/x.json") == empty


def test_each_file_stands_on_a_line_of_its_own() -> None:
    lines = encode(RELEASE).decode().splitlines()

    assert sum('"sha256"' in line for line in lines) == len(RELEASE.files)


def test_a_record_of_a_newer_mwaactl_is_refused_by_name() -> None:
    newer = encode(RELEASE).replace(b'"format": 1', b'"format": 2')

    with pytest.raises(OperationError, match="written by a newer mwaactl"):
        decode(newer, "releases/x.json")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        encode(RELEASE)[:200],
        encode(RELEASE).replace(b'"released"', b'"finished"'),
        encode(RELEASE).replace(b'"digest": "', b'"digest": 3, "x": "'),
        encode(RELEASE).replace(b'"version_id"', b'"version"'),
        encode(RELEASE).replace(b'"dags/a.py"', b"5"),
        encode(RELEASE).replace(b'"v1"', b"null"),
        encode(RELEASE).replace(b'"size": 12', b'"size": "12"'),
        encode(RELEASE).replace(b'"holds"', b'"hold"').replace(b'"stage": 3', b'"stage": 3, "holds": 5'),
        encode(RELEASE).replace(b'"git_commit": null', b'"git_commit": 5'),
        encode(RELEASE).replace(b'"airflow_version": "3.3.1"', b'"airflow_version": null'),
        encode(RELEASE).replace(RELEASE.when.encode(), b"yesterday"),
        b"[" * 100_000,
        b'{"format": "one"}',
        b'{"id": "i", "digest": "d", "when": "w", "who": "w", "state": "released", "files": ["a"]}',
        b'{"id": "i", "digest": "d", "when": "w", "who": "w", "state": "released", "files": 3}',
    ],
)
def test_what_is_no_record_is_refused_with_a_remedy(content: bytes) -> None:
    with pytest.raises(OperationError, match="is not a record of a release") as refused:
        decode(content, "releases/x.json")

    assert refused.value.hint is not None
    assert "remove it" in refused.value.hint


def test_an_id_is_the_moment_and_the_beginning_of_the_digest() -> None:
    assert release_id("1f3a9c2e" * 8, NOW) == "20261123T081500123Z-1f3a9c2e"


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(seconds=1), timedelta()])
def test_an_id_follows_all_others_also_where_their_clock_was_ahead(ahead: timedelta) -> None:
    other = release_id("ffffffff" * 8, NOW + ahead)

    mine = release_id("00000000" * 8, NOW, [other, "no id at all"])

    assert mine > other


@pytest.mark.parametrize("holds", [{}, {"a.py": "0" * 64, 'b"é\n.py': "1" * 64}])
def test_a_line_tells_every_field_as_json_does(holds: dict[str, str]) -> None:
    file = ReleasedFile('dags/"é\\\n\u2028.py', "0" * 64, '"e"', "v\t1", 7, 3, defines_dag=True, holds=holds)
    release = replace(RELEASE, files=(file,))

    line = encode(release).decode().splitlines()[-3].strip()

    told = asdict(file) if holds else {name: value for name, value in asdict(file).items() if name != "holds"}
    assert line == json.dumps(told)
    assert decode(encode(release), "releases/x.json") == release


def test_a_record_that_names_what_an_archive_holds_without_digests_is_read() -> None:
    held = replace(RELEASE.files[0], holds={"dags/x.zip/a.py": "0" * 64})
    named = encode(replace(RELEASE, files=(held,))).replace(
        b'{"dags/x.zip/a.py": "%b"}' % (b"0" * 64), b'["dags/x.zip/a.py"]'
    )

    assert decode(named, "releases/x.json").files[0].holds == {"dags/x.zip/a.py": ""}
