"""Reads tracebacks as Airflow keeps them: where in the user's code it happened, and what."""

import re
from dataclasses import dataclass

from mwaactl.catalog.credentials import address_kinds, credentials_in

_FRAME = re.compile(r'File "((?:dags|plugins)/[^"\n]+)", line (\d+)')
_ANY_FRAME = re.compile(r'^\s+File "[^"\n]*", line \d+.*$', re.MULTILINE)
_NAME = re.compile(r"^(?:[\w.]+\.)?([A-Za-z_]\w*)(:.*|$)", re.DOTALL)
# Airflow's own names for modules, addresses in memory, and where a package is installed here.
_NOISE = re.compile(
    r"unusual_prefix_[0-9a-f]{40}_|(?<=object) at 0x[0-9a-f]+| \(/[^()]*/site-packages/[^()]*\)"
)
_GROUP = "Exception Group Traceback"
_MARGIN, _FURTHER_IN = re.compile(r"  [|+] (.*)"), re.compile(r"\s+[|+]")
_LONGEST = 300
_LIBRARY = "plugins/typed_assets/"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the user's code.

    Attributes:
        path: Path below the project's root, for example `dags/lib/tables.py`.
        line: The line, from 1; 0 for the file as a whole.
        within: For an archive the file in it, with its line where that is known: `flights.py:3`.
    """

    path: str
    line: int
    within: str = ""


def place_at(path: str, line: int) -> Place:
    """Returns a place; what lies in an archive is a place within, for no line of the archive is meant."""
    head, _, within = path.partition(".zip/")
    if not within:
        return Place(path, line)
    return Place(f"{head}.zip", 0, f"{within}:{line}" if line else within)


def last_place(text: str) -> Place | None:
    """Returns the innermost line of the user's code in a traceback, most recent call last.

    What the library for assets refuses is not its own mistake but that of whoever called it.
    """
    frames = _FRAME.findall(text)
    found = [frame for frame in frames if not frame[0].startswith(_LIBRARY)] or frames
    return place_at(found[-1][0], int(found[-1][1])) if found else None


def first_place(text: str) -> Place | None:
    """Returns the innermost line of the user's code in a stack, most recent call first."""
    found = _FRAME.search(text)
    return place_at(found[1], int(found[2])) if found else None


def is_traceback(text: str) -> bool:
    """Says whether a text has frames."""
    return _ANY_FRAME.search(_without_margin(text)) is not None


def exception_of(text: str) -> tuple[str, str]:
    """Returns name and message of the exception that a traceback ends with, or of a text `Name: message`.

    The name has no module; the message is one line, shortened where it is very long.
    """
    text = _without_margin(text)
    frames = list(_ANY_FRAME.finditer(text))
    rest = text[frames[-1].end() :] if frames else text
    lines = rest.splitlines()
    while lines and (not lines[0].strip() or lines[0].startswith((" ", "\t"))):
        lines.pop(0)  # the source line and its marks
    said = without_credentials(_NOISE.sub("", " ".join(" ".join(lines).split())))
    match = _NAME.match(said)
    name, message = (match[1], match[2].lstrip(": ")) if match else ("", said)
    return name, message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


def sentence_of(text: str) -> str:
    """Returns the exception of a text as `Name: message`, without a full stop."""
    name, message = exception_of(text)
    return f"{name}: {message}".strip(": ").rstrip(".")


def without_credentials(text: str) -> str:
    """An exception may quote an address with a password, or a key."""
    content = text.encode(errors="replace")
    for found in [*credentials_in(content), *credentials_in(content, address_kinds())]:
        content = content[: found.begin] + b"*" * (found.end - found.begin) + content[found.end :]
    return content.decode(errors="replace")


def _without_margin(text: str) -> str:
    """The traceback of a group of exceptions has a margin; what is further in is about one of the group."""
    if _GROUP not in text:
        return text
    lines = [(line, _MARGIN.match(line)) for line in text.splitlines()]
    return "\n".join(
        margin[1] if margin else line for line, margin in lines if margin or not _FURTHER_IN.match(line)
    )
