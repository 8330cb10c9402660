"""Writes docs/reference/cli.md from the commands themselves: `python -m mwaactl.cli.reference`."""

import sys
from collections.abc import Iterator

import click

from mwaactl.cli.main import cli

WIDTH = 100
HEAD = """# Command line

Made from the commands by `make docs`; a test keeps it current. Exit codes: [exit-codes.md](exit-codes.md).
Status goes to stderr and data to stdout; `--json` writes the result, and an error, as JSON.
"""


def render_reference() -> str:
    """Return the page: the help of every command, groups before their commands."""
    sections = (f"## `{path}`\n\n```text\n{text}\n```\n" for path, text in _helps(cli, "mwaactl", None))
    return "\n".join([HEAD, *sections])


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        max_content_width=WIDTH,
        terminal_width=WIDTH,
        **command.context_settings,
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            child = command.get_command(context, each)
            if child is not None:
                yield from _helps(child, each, context)


if __name__ == "__main__":
    sys.stdout.write(render_reference())
