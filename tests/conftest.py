"""What holds for every test: nothing talks beyond this machine, and one Airflow runs at a time."""

import ipaddress
import os
import signal
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.fakes.examples import examples

# Folders whose tests share what is costly to make: an Airflow, an emulator, the stacks, deployers, a browser.
TOGETHER = (
    "tests/airflow/",
    "tests/emulator/authorization/",
    "tests/emulator/clients/",
    "tests/emulator/core/",
    "tests/emulator/end_to_end/",
    "tests/functional/matrices/",
    "tests/infra/",
    "tests/unit/typed_assets/page/",
)
# What takes minutes begins first, the longest before the others, so that workers end at nearly the same time.
LONGEST = (
    "tests/emulator/end_to_end/",
    "tests/airflow/",
    "tests/infra/",
    "tests/functional/matrices/",
    "tests/unit/typed_assets/page/",
)
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
    """Watch every connection of this process, let it be interrupted, and try few examples of a property."""
    del config
    # A busy machine is no failure, and few examples begin with too few small ones, which no filter takes out.
    patient = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    settings.register_profile(
        "suite", max_examples=examples(40), deadline=None, suppress_health_check=patient
    )
    settings.load_profile("suite")
    sys.addaudithook(_refuse_other_machines)
    # As a shell starts what it sends to the background, and nohup what is to outlive a terminal
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless all is asked for, and let workers begin with the longest."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        items.sort(key=_turn)
    if os.environ.get("MWAACTL_WHOLE"):
        return
    for item in items:
        if item.get_closest_marker("whole"):
            item.add_marker(pytest.mark.skip(reason="takes long: `make test-all` runs it"))


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, each in enumerate(LONGEST) if item.nodeid.startswith(each)), len(LONGEST))


class FilesOnOneWorker(LoadScopeScheduling):
    """Sends a file's tests to one worker, and those of some folders as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in TOGETHER if nodeid.startswith(each)), nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesOnOneWorker:
    """Share the tests out among workers, where there are several (`pytest -n 2`)."""
    return FilesOnOneWorker(config, log)
