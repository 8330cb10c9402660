"""Completes the commands that a hint names, so that they mean the same project and environment when typed."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mwaactl.cli.invocation import Invocation

_COMMAND = re.compile(r"`mwaactl ([a-z][^`\n]*)`")
# The CDK app of a project takes the environment as context; without a stack it is no command, but a topic.
_CDK = re.compile(r"`(npx cdk deploy [^`\n]*)`")
_ENVIRONMENT = ("-e", "--environment")


def typed(text: str, invocation: Invocation) -> str:
    """Return `text` with the options that this call was given in each command that it names in backticks.

    Whoever says `mwaactl deploy -e prod` and types what the hint names must not meet the default environment.
    What comes from a variable or from the configuration holds for the next command too, and is left out.
    The console calls this for everything that it shows; what is `quoted` in it names no command.
    """
    if invocation.config is None and invocation.environment is None:
        return text
    text = _COMMAND.sub(lambda found: f"`{_completed(found[1], invocation)}`", text)
    return _CDK.sub(lambda found: f"`{_in_context(found[1], invocation)}`", text)


def _completed(command: str, invocation: Invocation) -> str:
    words = command.split(" ")
    length, takes_environment = _resolved(words)
    if not length:
        return f"mwaactl {command}"
    path = [] if invocation.config is None else ["--config", shlex.quote(str(invocation.config))]
    named = invocation.environment is not None and not set(_ENVIRONMENT) & set(words)
    chosen = ["-e", shlex.quote(invocation.environment or "")] if named and takes_environment else []
    return " ".join(["mwaactl", *path, *words[:length], *chosen, *words[length:]])


def _in_context(command: str, invocation: Invocation) -> str:
    if invocation.environment is None or " -c environment=" in command:
        return command
    return f"{command} -c environment={shlex.quote(invocation.environment)}"


def _resolved(words: Sequence[str]) -> tuple[int, bool]:
    """Return how many words name a command, 0 where none or a group does; whether it takes an environment."""
    from mwaactl.cli.main import cli

    command: click.Command = cli
    for number, word in enumerate(words):
        if not isinstance(command, click.Group):
            return number, _takes_environment(command)
        found = command.get_command(click.Context(command), word)
        if found is None:
            return 0, False
        command = found
    return (0, False) if isinstance(command, click.Group) else (len(words), _takes_environment(command))


def _takes_environment(command: click.Command) -> bool:
    return any(option in parameter.opts for parameter in command.params for option in _ENVIRONMENT)
