"""Both sides of a plan, at which a command looks from its first moment on.

What a plan is made with takes almost as long to import as thousands of files take to read or to list. So this
module imports nothing of that: a second process, or AWS, is at work meanwhile.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Thread
from time import time_ns
from typing import TYPE_CHECKING

from mwaactl.executor.background import begin
from mwaactl.project.bundle import read_bundle
from mwaactl.project.known_files import KnownFiles
from mwaactl.project.second_reader import SecondReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from mwaactl.cli.invocation import Invocation
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.load import Config
    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.survey import Survey
    from mwaactl.project.bundle import Bundle

KEEPING = "known files"
"""Name of the thread that keeps what was found out of a large tree."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A project's working tree, and the environment that it is to go to.

    Attributes:
        config: The project.
        environment: The environment's configuration.
        gateways: Every way out to it.
        bundle: Waits until the tree was read, and returns what it would ship.
        surveyed: Waits until AWS has answered, and returns the caller's ARN and what is there.
    """

    config: Config
    environment: EnvironmentConfig
    gateways: Gateways
    bundle: Callable[[], Bundle]
    surveyed: Callable[[], tuple[str, Survey]]


@contextmanager
def both_sides(invocation: Invocation, name: str | None) -> Iterator[Sides]:
    """Begin to look at both sides; whoever leaves the block no longer needs the tree.

    Args:
        invocation: The call.
        name: Of the environment; None for the configured one.

    Raises:
        ConfigError: If there is no usable configuration, or no such environment.
    """
    composition = invocation.composition
    root = composition.config_file(invocation.config).parent
    known = KnownFiles.of(root, time_ns())
    with SecondReader() as reader:
        # What takes longest begins first: reading many files that nobody knows, or else listing them.
        begun = _read(root, reader, known) if known.is_empty else None
        config, environment = composition.environment(invocation.config, name)
        gateways = composition.gateways(config.root, environment)
        looking = begin(partial(_look, environment, gateways))
        reading = begun or _read(root, reader, known)
        yield Sides(config, environment, gateways, reading.result, looking.result)
    if reading.done() and reading.exception() is None:
        # A thread that the end of the program waits for: until then, nobody else does.
        Thread(target=known.keep, args=(reading.result().dags,), name=KEEPING).start()


def _read(root: Path, reader: SecondReader, known: KnownFiles) -> Future[Bundle]:
    """Begin to read the working tree."""
    reading = begin(partial(read_bundle, root, reader, known))
    reading.add_done_callback(lambda _: reader.called.set())
    # Beside whoever imports, a thread that asks the system for each file hardly gets on: the second process
    # would begin when the imports are done.
    reader.called.wait()
    return reading


def _look(environment: EnvironmentConfig, gateways: Gateways) -> tuple[str, Survey]:
    from mwaactl.executor.observe import verify_account
    from mwaactl.executor.survey import survey

    caller = verify_account(environment.names, gateways)
    return caller, survey(environment.names, gateways)
