"""What one call of `mwaactl` carries from its options to where its result is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from mwaactl.cli.typed_commands import typed

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.cli.compose import Composition
    from mwaactl.cli.console import Console


@dataclass(slots=True)
class Invocation:
    """One call: its composition root, its console and the options that hold for every command.

    Commands that the console shows get the options of this one.

    Attributes:
        environment: As the command line names it; None where a variable or the configuration does.
    """

    composition: Composition
    console: Console
    config: Path | None = None
    verbose: bool = False
    as_json: bool = False
    environment: str | None = None

    def __post_init__(self) -> None:
        self.console.complete = lambda text: typed(text, self)


pass_invocation = click.make_pass_decorator(Invocation)
