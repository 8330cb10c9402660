"""Who listens on a local TCP port, read from /proc."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LISTEN = "0A"  # TCP_LISTEN in the kernel's include/net/tcp_states.h
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket in the LISTEN state.

    Attributes:
        address: The bound address, for example `127.0.0.1` or `::1`.
        port: The port.
        inode: The socket's inode, by which its process is found.
    """

    address: str
    port: int
    inode: str


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


def read_listeners() -> tuple[Listener, ...]:
    """Return all listening TCP sockets of this machine."""
    found: list[Listener] = []
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        with suppress(OSError):
            lines = (_PROC / "net" / name).read_text(encoding="ascii").splitlines()[1:]
            found += [_parse(line, family) for line in lines if line.split()[3] == _LISTEN]
    return tuple(found)


def holder_of(port: int) -> Holder | None:
    """Return the process that listens on the port, or None if that can't be seen."""
    inodes = {f"socket:[{listener.inode}]" for listener in read_listeners() if listener.port == port}
    for process in _PROC.iterdir():
        if process.name.isdigit() and inodes & _open_files(process):
            return Holder(int(process.name), _command(process))
    return None


def sockets_of(pid: int) -> tuple[Listener, ...]:
    """Return the listening sockets of one process."""
    files = _open_files(_PROC / str(pid))
    return tuple(listener for listener in read_listeners() if f"socket:[{listener.inode}]" in files)


def _parse(line: str, family: socket.AddressFamily) -> Listener:
    fields = line.split()
    address, port = fields[1].split(":")
    # /proc shows the address as words of the machine's byte order, the port as a plain number.
    words = [bytes.fromhex(address[start : start + 8])[::-1] for start in range(0, len(address), 8)]
    return Listener(socket.inet_ntop(family, b"".join(words)), int(port, 16), fields[9])


def _open_files(process: Path) -> set[str]:
    found: set[str] = set()
    with suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                found.add(str(descriptor.readlink()))
    return found


def _command(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return " ".join(word.decode(errors="replace") for word in words if word)[:120]
    except OSError:
        return "?"
