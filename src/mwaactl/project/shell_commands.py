"""The commands of a shell script, one by one, as far as they can be told without running it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mwaactl.project.shell_patterns import OPENING, without_patterns
from mwaactl.project.shell_words import Operator, ShellWords, Word

_PREFIXES = frozenset({"builtin", "command"})
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\[[^]]*\])?\+?=(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A variable and the value that it gets.

    Attributes:
        name: The variable.
        value: What stands after the `=`, without quotes; empty where there is no `=`.
        line: Where it stands, from 1.
        is_literal: Whether the value is what is written, and nothing that the shell finds out.
    """

    name: str
    value: str
    line: int
    is_literal: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command.

    Attributes:
        assignments: What stands before it, as in `A=1 B=2 command`; all there is where the name is empty.
        name: The command, without keywords before it.
        arguments: The words after the name.
        line: Where it begins, from 1.
        in_subshell: Whether it stands in `( … )`, so that it changes nothing outside.
    """

    assignments: tuple[Assignment, ...]
    name: str
    arguments: tuple[Word, ...]
    line: int
    in_subshell: bool


def shell_commands(script: str) -> Iterator[Command]:
    """Gives the commands of a script in the order in which they stand.

    Functions are not followed: what stands in their bodies counts as a command like any other. What stands in
    `$( … )` is part of a word.
    """
    words: list[Word] = []
    depth = 0
    for token in (*without_patterns(ShellWords(script)), Operator("\n")):
        match token:
            case Word():
                words.append(token)
            case Operator(text):
                if words:
                    yield _command(words, in_subshell=depth > 0)
                words = []
                depth = max(0, depth + (text == "(") - (text == ")"))


def assignment_of(word: Word) -> Assignment | None:
    """Reads `NAME=value`, or a bare `NAME` as the arguments of `export` have it; None for anything else."""
    if match := _ASSIGNMENT.fullmatch(word.text):
        return Assignment(match["name"], match["value"], word.line, word.is_literal)
    if re.fullmatch(r"[A-Za-z_]\w*", word.text):
        return Assignment(word.text, "", word.line, word.is_literal)
    return None


def _command(words: Sequence[Word], *, in_subshell: bool) -> Command:
    line = words[0].line
    rest = list(words)
    while rest and rest[0].text in OPENING and not rest[0].is_quoted:
        rest.pop(0)
    assignments: list[Assignment] = []
    while rest and _ASSIGNMENT.fullmatch(rest[0].text) and (found := assignment_of(rest[0])):
        assignments.append(found)
        rest.pop(0)
    while len(rest) > 1 and rest[0].text in _PREFIXES:
        rest.pop(0)
    name = rest[0].text if rest else ""
    return Command(tuple(assignments), name, tuple(rest[1:]), line, in_subshell)
