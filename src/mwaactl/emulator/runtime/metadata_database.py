"""Airflow's metadata databases: migrated once per Airflow runtime, then copied from that template."""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from mwaactl.emulator.runtime.postgres_server import PostgresServer, PostgresUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

_log = logging.getLogger(__name__)

_JOBS = "SELECT DISTINCT job_type FROM job WHERE state = 'running' AND start_date >="

type Migrate = Callable[[str], None]
"""Takes SQLAlchemy's address of an empty database and gives it Airflow's tables."""


class MetadataDatabases(Protocol):
    """Where environments get their metadata database from."""

    @property
    def kind(self) -> str:
        """`postgresql` or `sqlite`."""

    def create(self, name: str, runtime: str, migrate: Migrate) -> str:
        """Return the address of a fresh, migrated database, replacing one of the same name.

        Args:
            name: The environment's name.
            runtime: What tells one migrated schema from another, such as the runtime's digest.
            migrate: Called once per runtime.
        """

    def open(self, name: str, runtime: str, migrate: Migrate) -> str:
        """Return the address of the database of that name with all it holds, or of a fresh one.

        A copy that is left, because the emulator ended while it changed the Airflow version, takes its place.
        """

    def prepare(self, runtime: str, migrate: Migrate) -> None:
        """Make the runtime's template if it is missing, ahead of the first `create`."""

    def url(self, name: str) -> str:
        """Return the address of an environment's database."""

    def drop(self, name: str) -> None:
        """Forget an environment's database."""

    def snapshot(self, name: str) -> None:
        """Keep a copy of an environment's database, which nobody may use meanwhile."""

    def restore(self, name: str) -> None:
        """Put the copy in the place of the database."""

    def drop_snapshot(self, name: str) -> None:
        """Forget the copy."""

    def started_jobs(self, name: str, since: datetime) -> Collection[str]:
        """Return the types of an environment's jobs (Airflow's word) that run and began after `since`."""


class PostgresDatabases:
    """Databases on the emulator's own PostgreSQL server."""

    kind = "postgresql"

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._lock = Lock()

    def create(self, name: str, runtime: str, migrate: Migrate) -> str:
        """See `MetadataDatabases.create`."""
        with self._lock:
            self._server.start()
            template = self._template(runtime, migrate)
            self.drop(name)
            self._server.execute(f'CREATE DATABASE "{_database(name)}" TEMPLATE "{template}"')
        return self.url(name)

    def open(self, name: str, runtime: str, migrate: Migrate) -> str:
        """See `MetadataDatabases.open`."""
        with self._lock:
            self._server.start()
            if self._exists(_snapshot(name)):
                self.restore(name)
            exists = self._exists(_database(name))
        return self.url(name) if exists else self.create(name, runtime, migrate)

    def prepare(self, runtime: str, migrate: Migrate) -> None:
        """See `MetadataDatabases.prepare`."""
        with self._lock:
            self._server.start()
            self._template(runtime, migrate)

    def url(self, name: str) -> str:
        """See `MetadataDatabases.url`."""
        return self._server.url(_database(name))

    def drop(self, name: str) -> None:
        """See `MetadataDatabases.drop`."""
        self._server.execute(f'DROP DATABASE IF EXISTS "{_database(name)}" WITH (FORCE)')

    def snapshot(self, name: str) -> None:
        """See `MetadataDatabases.snapshot`."""
        self.drop_snapshot(name)
        self._disconnect(_database(name))
        self._server.execute(f'CREATE DATABASE "{_snapshot(name)}" TEMPLATE "{_database(name)}"')

    def restore(self, name: str) -> None:
        """See `MetadataDatabases.restore`."""
        self.drop(name)
        self._server.execute(f'ALTER DATABASE "{_snapshot(name)}" RENAME TO "{_database(name)}"')

    def drop_snapshot(self, name: str) -> None:
        """See `MetadataDatabases.drop_snapshot`."""
        self._server.execute(f'DROP DATABASE IF EXISTS "{_snapshot(name)}" WITH (FORCE)')

    def started_jobs(self, name: str, since: datetime) -> Collection[str]:
        """See `MetadataDatabases.started_jobs`."""
        sql = f"{_JOBS} '{since.isoformat()}'"
        return self._server.execute(sql, _database(name)).splitlines()

    def _disconnect(self, database: str) -> None:
        """End what processes that were killed have left open."""
        of_it = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608 - plain name
        self._server.execute(of_it)

    def _template(self, runtime: str, migrate: Migrate) -> str:
        template, draft = f"template_{_plain(runtime)}", f"draft_{_plain(runtime)}"
        if not self._exists(template):
            self._server.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
            self._server.execute(f'CREATE DATABASE "{draft}" TEMPLATE template0')
            migrate(self._server.url(draft))
            # The name is given last: a template that exists is complete.
            self._server.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template}"')
        return template

    def _exists(self, database: str) -> bool:
        return bool(self._server.execute(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))  # noqa: S608 - plain name


class SqliteDatabases:
    """One SQLite file per environment, where PostgreSQL can't run."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()

    def create(self, name: str, runtime: str, migrate: Migrate) -> str:
        """See `MetadataDatabases.create`."""
        with self._lock:
            template = self._template(runtime, migrate)
            self.drop(name)
            shutil.copyfile(template, self._file(name))
        return self.url(name)

    def open(self, name: str, runtime: str, migrate: Migrate) -> str:
        """See `MetadataDatabases.open`."""
        if self._snapshot(name).exists():
            self.restore(name)
        return self.url(name) if self._file(name).exists() else self.create(name, runtime, migrate)

    def prepare(self, runtime: str, migrate: Migrate) -> None:
        """See `MetadataDatabases.prepare`."""
        with self._lock:
            self._template(runtime, migrate)

    def url(self, name: str) -> str:
        """See `MetadataDatabases.url`."""
        return _sqlite_url(self._file(name))

    def drop(self, name: str) -> None:
        """See `MetadataDatabases.drop`."""
        for suffix in ("", "-wal", "-shm"):
            self._file(name).with_name(f"{self._file(name).name}{suffix}").unlink(missing_ok=True)

    def snapshot(self, name: str) -> None:
        """See `MetadataDatabases.snapshot`."""
        with sqlite3.connect(self._file(name)) as source, sqlite3.connect(self._snapshot(name)) as copy:
            source.backup(copy)
        source.close()
        copy.close()

    def restore(self, name: str) -> None:
        """See `MetadataDatabases.restore`."""
        self.drop(name)
        self._snapshot(name).rename(self._file(name))

    def drop_snapshot(self, name: str) -> None:
        """See `MetadataDatabases.drop_snapshot`."""
        self._snapshot(name).unlink(missing_ok=True)

    def started_jobs(self, name: str, since: datetime) -> Collection[str]:
        """See `MetadataDatabases.started_jobs`."""
        moment = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        connection = sqlite3.connect(self._file(name))
        try:
            return [str(job) for (job,) in connection.execute(f"{_JOBS} '{moment}'")]
        finally:
            connection.close()

    def _snapshot(self, name: str) -> Path:
        return self._folder / f"{_snapshot(name)}.db"

    def _template(self, runtime: str, migrate: Migrate) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        template = self._folder / f"template_{_plain(runtime)}.db"
        if not template.exists():
            draft = self._folder / f"draft_{_plain(runtime)}.db"
            draft.unlink(missing_ok=True)
            migrate(_sqlite_url(draft))
            draft.rename(template)
        return template

    def _file(self, name: str) -> Path:
        return self._folder / f"{_database(name)}.db"


def choose_databases(server: PostgresServer, folder: Path) -> MetadataDatabases:
    """Return PostgreSQL if it runs here, else SQLite, and log which and why."""
    try:
        server.start()
    except PostgresUnavailableError as error:
        _log.warning("metadata databases are SQLite files, unlike MWAA's PostgreSQL: %s", error)
        return SqliteDatabases(folder)
    _log.info("metadata databases are on PostgreSQL")
    return PostgresDatabases(server)


def _database(name: str) -> str:
    return f"airflow_{_plain(name)}"


def _snapshot(name: str) -> str:
    return f"snapshot_{_plain(name)}"


def _plain(name: str) -> str:
    """Return the name with what needs quoting made plain; MWAA's names differ in `-`, `_` and case only."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", name)[:60]


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
