"""What one call of `mwaactl` carries from its options to where its result is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.cli.compose import Composition
    from mwaactl.cli.console import Console


@dataclass(slots=True)
class Invocation:
    """One call: its composition root, its console and the options that hold for every command."""

    composition: Composition
    console: Console
    config: Path | None = None
    verbose: bool = False
    as_json: bool = False


pass_invocation = click.make_pass_decorator(Invocation)
