"""The options of pip that a line of a requirements.txt can carry, as pip itself reads them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# What pip 26 takes in a file (pip.pypa.io, "Requirements File Format"), and the short forms.
_TAKING_A_VALUE = frozenset(
    {
        "--index-url", "--pypi-url", "--extra-index-url", "--constraint", "--requirement", "--editable",
        "--find-links", "--no-binary", "--only-binary", "--trusted-host", "--use-feature", "--hash",
        "--config-setting", "--config-settings", "--global-option",
    }
)  # fmt: skip
_FLAGS = frozenset({"--no-index", "--prefer-binary", "--require-hashes", "--pre"})
_QUOTED = re.compile(r"['\"\\]")
_BLANK = re.compile(r"[ \t\r\n]+")
_SHORT = {
    "-i": "--index-url",
    "-c": "--constraint",
    "-r": "--requirement",
    "-e": "--editable",
    "-f": "--find-links",
    "-C": "--config-settings",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    Attributes:
        name: Its long name, however it is written; pip takes `-cx`, `--constraint=x` and `--const x` alike.
        value: What it is given; empty for a flag, and where the value is missing.
        written: The option as the line has it.
    """

    name: str
    value: str
    written: str


@lru_cache(maxsize=4096)
def read_options(text: str) -> tuple[Option, ...]:
    """Reads options, several of which may stand in one line.

    Args:
        text: From the first option to the end of the line.

    Raises:
        ValueError: A quotation mark has no partner.
    """
    # A lock has thousands of words, and shlex reads letter by letter.
    words = shlex.split(text) if _QUOTED.search(text) else _BLANK.sub(" ", text).split(" ")
    return tuple(_read([word for word in words if word]))


def _read(words: list[str]) -> Iterator[Option]:
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            written, given, value = word.partition("=")
            name = _long_name(written)
            if name in _FLAGS and given:  # which pip refuses
                name = written = word
        else:
            written, value = word[:2], word[2:]
            name, given = _SHORT.get(written, written), value
        if name in _TAKING_A_VALUE and not given and words:
            value = words.pop(0)
        yield Option(name, value, written if word.startswith("-") else word)


def _long_name(written: str) -> str:
    """Completes an abbreviation as pip does, where only one option begins like that."""
    known = [name for name in (*_TAKING_A_VALUE, *_FLAGS) if name.startswith(written)]
    return known[0] if len(known) == 1 and written not in known else written
