"""Templates on a real PostgreSQL, and on SQLite where that can't run."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaactl.emulator.guardian import Guardian
from mwaactl.emulator.runtime.metadata_database import PostgresDatabases, SqliteDatabases, choose_databases
from mwaactl.emulator.runtime.postgres_server import PostgresServer, PostgresUnavailableError
from mwaactl.emulator.settings import EmulatorSettings


@pytest.fixture
def guardian(tmp_path: Path) -> Iterator[Guardian]:
    made = Guardian(EmulatorSettings(tmp_path, tmp_path / "state", tmp_path / "runtimes"))
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path, guardian: Guardian) -> Iterator[PostgresServer]:
    made = PostgresServer(tmp_path / "postgres", guardian)
    made.start()
    yield made
    made.stop()


class Migrations:
    """Gives a PostgreSQL database one table and counts how often it was asked to."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.count = 0

    def __call__(self, url: str) -> None:
        self.count += 1
        name = url.rsplit("@/", 1)[1].split("?", maxsplit=1)[0]
        self.server.execute("CREATE TABLE dag (id text)", name)


def test_template_is_migrated_once_and_survives_the_server(server: PostgresServer) -> None:
    migrate = Migrations(server)
    databases = PostgresDatabases(server)
    databases.create("first", "3.3.1-abc", migrate)
    server.execute("INSERT INTO dag VALUES ('mine')", "airflow_first")
    server.stop()
    url = PostgresDatabases(server).create("second", "3.3.1-abc", migrate)
    assert migrate.count == 1
    assert url.startswith("postgresql+psycopg2://postgres@/airflow_second?host=/")
    assert server.execute("SELECT count(*) FROM dag", "airflow_second") == "0"
    assert server.execute("SELECT count(*) FROM dag", "airflow_first") == "1"


def test_creating_again_starts_from_the_template(server: PostgresServer) -> None:
    databases, migrate = PostgresDatabases(server), Migrations(server)
    databases.create("first", "3.3.1-abc", migrate)
    server.execute("INSERT INTO dag VALUES ('mine')", "airflow_first")
    databases.create("first", "3.3.1-abc", migrate)
    assert server.execute("SELECT count(*) FROM dag", "airflow_first") == "0"
    assert migrate.count == 1


def test_migration_that_failed_leaves_no_template(server: PostgresServer) -> None:
    def fail(url: str) -> None:
        message = f"no tables for {url}"
        raise RuntimeError(message)

    databases, migrate = PostgresDatabases(server), Migrations(server)
    with pytest.raises(RuntimeError, match="no tables"):
        databases.create("first", "3.3.1-abc", fail)
    databases.create("first", "3.3.1-abc", migrate)
    assert migrate.count == 1


def test_server_listens_on_a_private_socket_only(server: PostgresServer) -> None:
    assert server.execute("SHOW listen_addresses") == ""
    assert server._sockets.stat().st_mode & 0o077 == 0


def test_server_starts_over_what_a_kill_left(server: PostgresServer) -> None:
    server.execute("CREATE TABLE kept (id int)")
    child = server._child
    assert child is not None
    child.stop(grace=0)
    server.start()
    assert server.execute("SELECT count(*) FROM kept") == "0"


def test_sqlite_takes_over_where_postgresql_cannot_run(tmp_path: Path, guardian: Guardian) -> None:
    (tmp_path / "file").write_text("no folder")
    broken = PostgresServer(tmp_path / "file" / "postgres", guardian)
    with pytest.raises(PostgresUnavailableError):
        broken.start()
    assert choose_databases(broken, tmp_path / "sqlite").kind == "sqlite"


def test_sqlite_template_is_migrated_once(tmp_path: Path) -> None:
    urls: list[str] = []

    def migrate(url: str) -> None:
        urls.append(url)
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.execute("CREATE TABLE dag (id text)")
        connection.close()

    databases = SqliteDatabases(tmp_path / "sqlite")
    for name in ("first", "second"):
        connection = sqlite3.connect(databases.create(name, "3.3.1-abc", migrate).removeprefix("sqlite:///"))
        assert connection.execute("SELECT count(*) FROM dag").fetchone() == (0,)
        connection.close()
    assert len(urls) == 1
