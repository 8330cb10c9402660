"""Who listens on a local TCP port."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket in the LISTEN state.

    Attributes:
        address: The bound address, for example `127.0.0.1` or `::1`.
        port: The port.
    """

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a port."""

    pid: int
    command: str


def can_bind(host: str, port: int) -> bool:
    """Tell whether the port is free to listen on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def holder_of(port: int) -> Holder | None:
    """Return the process that listens on the port, or None if that can't be seen.

    Every process is asked for itself: macOS shows root alone the sockets of the whole machine, but everybody
    those of their own processes.
    """
    for process in psutil.process_iter():
        if any(listener.port == port for listener in sockets_of(process.pid)):
            return Holder(process.pid, _command(process))
    return None


def sockets_of(pid: int) -> tuple[Listener, ...]:
    """Return the listening TCP sockets of one process; none if they can't be seen."""
    with suppress(psutil.Error, OSError):
        found = psutil.Process(pid).net_connections(kind="tcp")
        return tuple(Listener(*each.laddr) for each in found if each.status == psutil.CONN_LISTEN)
    return ()


def _command(process: psutil.Process) -> str:
    with suppress(psutil.Error, OSError):
        return " ".join(word for word in process.cmdline() if word)[:120] or process.name()
    return "?"
