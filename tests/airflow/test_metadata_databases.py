"""Tests inside Airflow begin with a database that is migrated and empty."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.airflow.runtimes import VERSIONS, metadata_database


@pytest.mark.parametrize("version", VERSIONS)
def test_the_database_is_migrated_and_empty(version: str, tmp_path: Path) -> None:
    address = metadata_database(version, tmp_path)

    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database:
        assert database.execute("SELECT count(*) FROM alembic_version").fetchall() == [(1,)]
        assert database.execute("SELECT count(*) FROM dag").fetchall() == [(0,)]
