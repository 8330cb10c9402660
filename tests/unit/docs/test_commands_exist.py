"""Every `mwaactl …` that a page shows is a command with these options; nothing is executed."""

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest

from mwaactl.cli.main import cli
from tests.unit.docs.pages import FENCE, pages, prose_of, text_of

INLINE = re.compile(r"`(?:\.venv/bin/)?(mwaactl [^`]+)`")
SUBSTITUTED = re.compile(r"\$\((?:\.venv/bin/)?(mwaactl [^)]+)\)")
SHOWN = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?(mwaactl .*)$")
PLACEHOLDERS = {"PORT": "4577", "ENV": "dev", "NAME": "dev", "DAG": "a_dag"}
GENERATED = Path("docs/reference/cli.md")


def shown_commands(page: Path) -> Iterator[str]:
    """The commands in code blocks (after `$ ` where output is shown too) and in running text."""
    for block in FENCE.finditer(text_of(page)):
        for line in block["text"].splitlines():
            if (block["kind"] != "console" or line.startswith("$ ")) and (match := SHOWN.match(line)):
                yield match[1]
            yield from SUBSTITUTED.findall(line)
    yield from INLINE.findall(prose_of(page))


def words_of(command: str) -> list[str]:
    words = shlex.split(command, comments=True)[1:]
    return [PLACEHOLDERS.get(word, word) for word in words if word not in {"…", "|"}]


def parse(command: click.Command, name: str, words: list[str], parent: click.Context | None = None) -> None:
    """Parse words as the command line does.

    Raises:
        click.UsageError: There is no such command or option.
    """
    if not isinstance(command, click.Group):
        command.make_context(name, words, parent=parent)
        return
    if not words:
        return
    context = command.make_context(name, list(words), parent=parent)
    rest = words[len(words) - len([*context._protected_args, *context.args]) :]
    if rest:
        found, child, left = command.resolve_command(context, rest)
        assert child is not None
        parse(child, found or "", left, context)


COMMANDS = sorted(
    {(page, command) for page in pages() if page != GENERATED for command in shown_commands(page)}
)


@pytest.mark.parametrize(("page", "command"), COMMANDS, ids=str)
def test_shown_command_exists_with_its_options(page: Path, command: str) -> None:
    # `--help` answers while it is parsed, and leaves.
    try:
        with suppress(click.exceptions.Exit):
            parse(cli, "mwaactl", words_of(command))
    except click.UsageError as error:
        pytest.fail(f"{page} shows `{command}`: {error.format_message()}")


def test_pages_show_commands_at_all() -> None:
    assert len(COMMANDS) > 30


@pytest.mark.parametrize(
    "command", ["mwaactl deploi", "mwaactl deploy --nowait", "mwaactl run trigger", "mwaactl run start x"]
)
def test_what_does_not_exist_is_noticed(command: str) -> None:
    with pytest.raises(click.UsageError):
        parse(cli, "mwaactl", words_of(command))
