"""A click group that imports a command only when it is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, override

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A group whose commands are named by `module:attribute`.

    Args:
        commands_at: Command name to where it is defined, in the order of the help page.
        settings: What `click.Group` takes.
    """

    def __init__(self, *, commands_at: Mapping[str, str], **settings: Any) -> None:  # noqa: ANN401  click's own
        super().__init__(**settings)
        self._commands_at = commands_at

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._commands_at)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = self._commands_at.get(cmd_name)
        if target is None:
            return None
        module, attribute = target.split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command
