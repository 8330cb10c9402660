"""startup.sh of a bundle, read as the commands that MWAA's bash would run."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mwaactl.project.bundle import Bundle
from mwaactl.project.shell_commands import Assignment, Command, assignment_of, shell_commands

_OPTION = re.compile(r"AIRFLOW__(?P<section>[A-Z0-9_]+?)__(?P<key>[A-Z0-9_]+)")
_DECLARING = frozenset({"declare", "typeset"})


def startup_text(bundle: Bundle) -> str:
    """Returns the script, empty where there is none; bytes that are not UTF-8 are replaced."""
    return bundle.startup.content.decode(errors="replace") if bundle.startup else ""


def startup_commands(bundle: Bundle) -> tuple[Command, ...]:
    """Returns the commands of the script."""
    return _commands(startup_text(bundle))


@lru_cache(1)
def _commands(script: str) -> tuple[Command, ...]:
    """Several rules look at the same script, one after the other."""
    return tuple(shell_commands(script))


def assignments_in(command: Command) -> tuple[Assignment, ...]:
    """Returns the variables that a command sets or names, by itself or through `export` and the like."""
    if not command.name:
        return command.assignments
    return tuple(_declared(command)) if _declares(command) else ()


def exported_by(command: Command, *, all_exported: bool) -> tuple[Assignment, ...]:
    """Returns the variables that a command exports, or forbids to change.

    Args:
        command: One command of the script.
        all_exported: Whether `set -a` holds, which exports every assignment.
    """
    if command.in_subshell:
        return ()
    if not command.name:
        return command.assignments if all_exported else ()
    return tuple(_declared(command)) if _exports(command) else ()


def exported_in(commands: Sequence[Command]) -> Iterator[Assignment]:
    """Gives the variables that a script exports, or forbids to change, in order.

    Args:
        commands: All commands of the script.
    """
    all_exported = False
    for command in commands:
        switch = switched(command, "a", "allexport")
        all_exported = all_exported if switch is None else switch
        yield from exported_by(command, all_exported=all_exported)


def assigned_by(command: Command) -> tuple[Assignment, ...]:
    """Returns the variables that a command sets by itself, and not for one other command or a subshell."""
    return () if command.name or command.in_subshell else command.assignments


def option_of(variable: str) -> str | None:
    """Returns the Airflow option that a variable sets, as `section.option`; None for any other variable."""
    match = _OPTION.fullmatch(variable)
    return f"{match['section']}.{match['key']}".lower() if match else None


def switched(command: Command, letter: str, name: str) -> bool | None:
    """Says whether a command switches an option of the shell on or off; None where it does neither.

    Args:
        command: One command of the script.
        letter: For `set -e`: `e`.
        name: For `set -o errexit` and `shopt -so errexit`: `errexit`.
    """
    words = [word.text for word in command.arguments]
    if command.name == "shopt":
        flags = "".join(word[1:] for word in words if word.startswith("-"))
        return "s" in flags if "o" in flags and name in words else None
    if command.name != "set":
        return None
    found = None
    while words and words[0][:1] in ("-", "+") and words[0] not in ("-", "--"):
        option = words.pop(0)
        on = option[0] == "-"
        if letter in option[1:]:
            found = on
        for _ in range(option.count("o")):
            if words and words.pop(0) == name:
                found = on
    return found


def _declares(command: Command) -> bool:
    return command.name in _DECLARING | {"export", "readonly", "local"}


def _exports(command: Command) -> bool:
    flags = "".join(word.text for word in command.arguments if word.text.startswith("-"))
    if command.name == "export":
        return "n" not in flags
    return command.name == "readonly" or (command.name in _DECLARING and ("x" in flags or "r" in flags))


def _declared(command: Command) -> Iterator[Assignment]:
    found = (assignment_of(word) for word in command.arguments if not word.text.startswith("-"))
    return (each for each in found if each)
