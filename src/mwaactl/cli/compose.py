"""The composition root: builds what a command needs from configuration; tests hand in another one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.load import Config


def utc_now() -> datetime:
    """Return the present moment, aware of its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Composition:
    """Makes collaborators out of the process environment and the configuration.

    Attributes:
        environ: The process environment.
        directory: Where the search for the configuration file begins.
        now: The clock on the wall, in UTC.
        sleep: Waits for a number of seconds.
    """

    environ: Mapping[str, str]
    directory: Path = field(default_factory=Path.cwd)
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep

    def config(self, file: Path | None) -> Config:
        """Read the configuration from `file`, or from the nearest mwaactl.toml."""
        from mwaactl.config.load import find_config, load_config

        return load_config(file if file is not None else find_config(self.directory))

    def environment(self, file: Path | None, name: str | None) -> tuple[Config, EnvironmentConfig]:
        """Read the configuration and pick an environment of it."""
        from mwaactl.config.load import select_environment

        config = self.config(file)
        return config, select_environment(config, name, self.environ)
