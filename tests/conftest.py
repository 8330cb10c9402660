"""What holds for every test: nothing talks beyond this machine."""

import ipaddress
import sys
from typing import Any

import pytest

LOCAL_NAMES = {"localhost", ""}


class BeyondLoopbackError(BaseException):
    """A test tried to reach another machine; no code under test may swallow that."""


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return  # a UNIX socket's address is a path
    host = str(arguments[1][0])
    if host not in LOCAL_NAMES and not ipaddress.ip_address(host).is_loopback:
        message = f"a test connects to {host}"
        raise BeyondLoopbackError(message)


def pytest_configure(config: pytest.Config) -> None:
    """Watch every connection of this process."""
    del config
    sys.addaudithook(_refuse_other_machines)
