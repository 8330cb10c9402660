"""Notices what a file reaches for while it is imported: network, variables, connections, database, files."""

import contextlib
import errno
import importlib.util
import os
import signal
import socket
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Parts of the messages of refusals, by which an import error is known to be one.
REFUSED = "mwaactl check allows no network"
SPARED = "mwaactl check lets no file end other processes"
_NAMELESS = {"", "0.0.0.0", "::"}  # noqa: S104  compared, never bound


class SignalRefusedError(BaseException):
    """The user's code would have ended the process that parses; as little caught as the end itself."""

    def __init__(self, number: int) -> None:
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        super().__init__(f"{name}: {SPARED}")


class Guard:
    """Records accesses of the user's code and refuses the network; does nothing until it is switched on.

    It refuses signals to the process that has started its own, too: all the other files would go unparsed.

    Args:
        roots: The folders of the user's code, with their real paths.
        database: The file that stands for Airflow's metadata database.
    """

    def __init__(self, roots: Sequence[str], database: str) -> None:
        self.roots = tuple(str(Path(root)) + os.sep for root in roots)
        self.database = database
        self.accesses: list[dict[str, Any]] = []
        self.reads: set[str] = set()
        self._on = False
        self._parent = 0
        self._hooks = {
            "open": self._opened,
            "socket.connect": self._connects,
            "socket.sendto": self._connects,
            "socket.getaddrinfo": self._resolves,
            "sqlite3.connect": self._queries,
            "os.kill": self._signals,
            "os.killpg": self._signals_group,
        }

    def switch_on(self) -> None:
        """Begin to watch this process; there is no way back."""
        self._on = True
        self._parent = os.getppid()
        sys.addaudithook(self._hook)

    def record(self, kind: str, what: str) -> bool:
        """Note an access, if it comes from the user's code; tell whether it does."""
        frame: types.FrameType | None = sys._getframe(1)  # noqa: SLF001  meant for this
        while frame is not None:
            path = frame.f_code.co_filename
            if path.startswith(self.roots):
                found = {"kind": kind, "what": what, "path": path, "line": frame.f_lineno}
                if found not in self.accesses:
                    self.accesses.append(found)
                return True
            frame = frame.f_back
        return False

    def secrets_module(self) -> types.ModuleType:
        """Return a module with the secrets backend that Airflow asks first; it knows nothing."""
        guard = self

        class Secrets:
            """Answers every question with None, after noting it."""

            def get_variable(self, key: str, **_: object) -> None:
                guard.record("variable", key)

            def get_connection(self, conn_id: str, **_: object) -> None:
                guard.record("connection", conn_id)

            def get_config(self, key: str) -> None:
                """Nothing of the configuration is kept here."""

            def _set_connection_class(self, conn_class: type) -> None:
                """No connection is ever made."""

        module = types.ModuleType("_mwaactl_secrets")
        module.__dict__["Secrets"] = Secrets
        return module

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._on and event in self._hooks:
            self._hooks[event](arguments)

    def _opened(self, arguments: tuple[Any, ...]) -> None:
        path = arguments[0]
        if isinstance(path, (str, os.PathLike)):
            name = os.path.abspath(path)  # noqa: PTH100  no resolving: it would open files
            if name.startswith(self.roots):
                self._read(name)

    def _read(self, name: str) -> None:
        """Note a file; where a module's compiled form is read, its source is meant."""
        if "__pycache__" in name:
            with contextlib.suppress(ValueError):
                self.reads.add(importlib.util.source_from_cache(name))
        else:
            self.reads.add(name)

    def _connects(self, arguments: tuple[Any, ...]) -> None:
        address = arguments[1]
        if isinstance(address, tuple) and len(address) > 1:
            self.record("network", f"{address[0]}:{address[1]}")
            raise ConnectionRefusedError(errno.ECONNREFUSED, REFUSED)

    def _resolves(self, arguments: tuple[Any, ...]) -> None:
        host, port = arguments[0], arguments[1]
        name = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "")
        if name in _NAMELESS or name == socket.gethostname():
            return
        if self.record("network", f"{name}:{port}" if port else name):
            raise socket.gaierror(socket.EAI_FAIL, REFUSED)

    def _queries(self, arguments: tuple[Any, ...]) -> None:
        if str(arguments[0]).endswith(self.database):
            self.record("database", "")

    def _signals(self, arguments: tuple[Any, ...]) -> None:
        pid, number = arguments
        # 0 is this process's group, which is the parent's too, and -1 all there are.
        if number and (pid in {self._parent, -1} or (pid <= 0 and self._is_shared(-pid))):
            raise SignalRefusedError(number)

    def _signals_group(self, arguments: tuple[Any, ...]) -> None:
        group, number = arguments
        if number and self._is_shared(group):
            raise SignalRefusedError(number)

    def _is_shared(self, group: int) -> bool:
        """Whether the process that started this one is in a process group; 0 is this one's own."""
        try:
            return (group or os.getpgrp()) == os.getpgid(self._parent)
        except ProcessLookupError:
            return False
