"""The working tree, which is read from a command's first moment on.

What reads the configuration and compares the tree with AWS takes almost as long to import as thousands of
files take to read, and a second process can read them meanwhile: so this module imports nothing of that.
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

    from mwaactl.cli.invocation import Invocation
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.load import Config
    from mwaactl.project.bundle import Bundle

KEEPING = "known files"
"""Name of the thread that keeps what was found out of a large tree."""


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """A project's tree, and where it is to go.

    Attributes:
        config: The project.
        environment: Its environment.
        bundle: Waits until the tree was read, and returns what it would ship.
    """

    config: Config
    environment: EnvironmentConfig
    bundle: Callable[[], Bundle]


@contextmanager
def working_tree(invocation: Invocation, name: str | None) -> Iterator[WorkingTree]:
    """Begin to read the working tree; whoever leaves the block no longer needs it.

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
        reading = begin(partial(read_bundle, root, reader, known))
        reading.add_done_callback(lambda _: reader.called.set())
        # Beside whoever imports, a thread that asks the system for each file hardly gets on: the second
        # process would begin when the imports are done.
        reader.called.wait()
        config, environment = composition.environment(invocation.config, name)
        yield WorkingTree(config, environment, reading.result)
    if reading.done() and reading.exception() is None:
        # A thread that the end of the program waits for: until then, nobody else does.
        Thread(target=known.keep, args=(reading.result().dags,), name=KEEPING).start()
