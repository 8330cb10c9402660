"""Templates on a real PostgreSQL, and on SQLite where that can't run."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mwaactl.emulator.guardian import Guardian
from mwaactl.emulator.runtime.metadata_database import PostgresDatabases, SqliteDatabases, choose_databases
from mwaactl.emulator.runtime.postgres_server import PostgresServer, PostgresUnavailableError
from mwaactl.emulator.settings import EmulatorSettings


@pytest.fixture(scope="module")
def guardian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guardian]:
    root = tmp_path_factory.mktemp("guarded")
    made = Guardian(EmulatorSettings(root, root / "state", root / "runtimes"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def started(guardian: Guardian, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One server for all: making its folder takes seconds."""
    made = PostgresServer(tmp_path_factory.mktemp("metadata") / "postgres", guardian)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def server(started: PostgresServer) -> Iterator[PostgresServer]:
    """The server, which runs and has no database of an earlier test."""
    started.start()
    yield started
    of_tests = "SELECT datname FROM pg_database WHERE datname ~ '^(airflow|snapshot|template|draft)_'"
    for name in started.execute(of_tests).splitlines():
        started.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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


def test_snapshot_brings_back_what_was_even_with_somebody_connected(server: PostgresServer) -> None:
    databases = PostgresDatabases(server)
    databases.create("mine", "3.3.1-abc", Migrations(server))
    server.execute("INSERT INTO dag VALUES ('before')", "airflow_mine")
    for _ in range(2):
        databases.snapshot("mine")
    server.execute("INSERT INTO dag VALUES ('after')", "airflow_mine")

    databases.restore("mine")

    assert server.execute("SELECT id FROM dag", "airflow_mine") == "before"
    databases.snapshot("mine")
    server.execute("DELETE FROM dag", "airflow_mine")
    databases.open("mine", "3.3.1-abc", Migrations(server))
    assert server.execute("SELECT id FROM dag", "airflow_mine") == "before"
    databases.snapshot("mine")
    databases.drop_snapshot("mine")
    assert server.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'snapshot%'") == "0"


def test_jobs_that_began_later_and_run_are_told_from_the_others(
    server: PostgresServer, tmp_path: Path
) -> None:
    postgres, sqlite = PostgresDatabases(server), SqliteDatabases(tmp_path)
    moment = datetime(2026, 11, 27, 12, tzinfo=UTC)

    def on_postgres(url: str) -> None:
        assert url
        server.execute(f"{JOBS.replace('moment', 'timestamptz')} {ROWS}", "draft_r")

    def on_sqlite(url: str) -> None:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.executescript(f"{JOBS.replace('moment', 'timestamp')} {ROWS.replace('+00', '')}")
        connection.close()

    postgres.create("mine", "r", on_postgres)
    sqlite.create("mine", "r", on_sqlite)
    for databases in (postgres, sqlite):
        assert list(databases.started_jobs("mine", moment)) == ["SchedulerJob"]


JOBS = "CREATE TABLE job (job_type text, state text, start_date moment);"
ROWS = """INSERT INTO job VALUES
    ('SchedulerJob', 'running', '2026-11-27 12:00:01.5+00'),
    ('TriggererJob', 'success', '2026-11-27 12:00:01.5+00'),
    ('DagProcessorJob', 'running', '2026-11-27 11:59:59.9+00')"""


def test_sqlite_snapshot_brings_back_what_was(tmp_path: Path) -> None:
    def migrate(url: str) -> None:
        run(url, "CREATE TABLE dag (id text)")

    def run(url: str, sql: str) -> list[tuple[str]]:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        with connection:
            rows = connection.execute(sql).fetchall()
        connection.close()
        return rows

    databases = SqliteDatabases(tmp_path)
    url = databases.create("mine", "r", migrate)
    databases.snapshot("mine")
    run(url, "INSERT INTO dag VALUES ('after')")
    databases.restore("mine")
    assert run(url, "SELECT id FROM dag") == []
    databases.snapshot("mine")
    run(url, "INSERT INTO dag VALUES ('after')")
    databases.open("mine", "r", migrate)
    assert run(url, "SELECT id FROM dag") == []
    databases.snapshot("mine")
    databases.drop_snapshot("mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["airflow_mine.db", "template_r.db"]
