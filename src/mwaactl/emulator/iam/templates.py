"""Strings of a policy that hold wildcards and variables, split once and filled in per request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type Values = Mapping[str, str | tuple[str, ...]]
"""Condition keys in lower case to their values; a tuple is a key that may have several."""


class Wildcard(Enum):
    """A character of a policy's string that stands for others."""

    ANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    """A condition key whose value stands in its place.

    Attributes:
        key: The key in lower case.
        default: What stands there if the request has no such key.
    """

    key: str
    default: str | None = None


type Filled = tuple[str | Wildcard, ...]
"""A template without variables: literal text and wildcards."""

_SPECIAL = re.compile(r"\$\{(?P<variable>[^${}]+|\$)\}|(?P<wildcard>[*?])")
_VARIABLE = re.compile(r"\s*(?P<key>[^,\s]+)\s*(?:,\s*'(?P<default>[^']*)'\s*)?")


@dataclass(frozen=True, slots=True)
class Template:
    """A string of a policy.

    Attributes:
        text: As it stands in the policy.
        parts: The same, split.
    """

    text: str
    parts: tuple[str | Wildcard | Variable, ...]

    def fill(self, values: Values) -> Filled | None:
        """Return the template with its variables replaced by the request's values.

        None means that a variable has no value: the template then matches nothing.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
        """
        filled: list[str | Wildcard] = []
        for part in self.parts:
            if isinstance(part, Variable):
                value = values.get(part.key)
                # A key with several values cannot be a variable.
                found = value if isinstance(value, str) else part.default
                if found is None:
                    return None
                filled.append(found)
            else:
                filled.append(part)
        return tuple(filled)


def parse_template(text: str, *, variables: bool, wildcards: bool) -> Template:
    """Split a string of a policy.

    Args:
        text: The string.
        variables: Whether `${…}` is a variable: since version 2012-10-17 of the policy language.
        wildcards: Whether `*` and `?` stand for other characters.
    """
    parts: list[str | Wildcard | Variable] = []
    end = 0
    for match in _SPECIAL.finditer(text):
        part = _special(match, variables=variables, wildcards=wildcards)
        parts += [text[end : match.start()], part]
        end = match.end()
    parts.append(text[end:])
    return Template(text, _joined(parts))


def _special(match: re.Match[str], *, variables: bool, wildcards: bool) -> str | Wildcard | Variable:
    if wildcard := match["wildcard"]:
        return Wildcard(wildcard) if wildcards else wildcard
    inner = match["variable"]
    if not variables:
        return match[0]
    if inner in {"*", "?", "$"}:
        return inner
    named = _VARIABLE.fullmatch(inner)
    return Variable(named["key"].lower(), named["default"]) if named else match[0]


def _joined(parts: Iterable[str | Wildcard | Variable]) -> tuple[str | Wildcard | Variable, ...]:
    """Return the parts with neighbouring texts made one and empty ones left out."""
    joined: list[str | Wildcard | Variable] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined)


def matches(filled: Filled, text: str) -> bool:
    """Tell whether text fits; `*` stands for any run of characters, also an empty one, `?` for one."""
    return _compiled(filled).fullmatch(text) is not None


def plain(filled: Filled) -> str:
    """Return the text of a template that was parsed without wildcards."""
    return "".join(part for part in filled if isinstance(part, str))


@lru_cache(maxsize=8192)
def _compiled(filled: Filled) -> re.Pattern[str]:
    """Return the template as a regular expression that never tries a `*` twice.

    Between two `*` the first place that fits is as good as any later one, so the search needs no way back:
    what a policy says cannot make it slow.
    """
    pieces: list[str] = [""]
    for part in filled:
        match part:
            case Wildcard.ANY:
                pieces.append("")
            case Wildcard.ONE:
                pieces[-1] += "."
            case str():
                pieces[-1] += re.escape(part)
    first, *others = pieces
    if not others:
        return re.compile(first, re.DOTALL)
    *middle, last = others
    steps = "".join(f"(?>.*?{piece})" for piece in middle if piece)
    return re.compile(f"{first}{steps}.*{last}", re.DOTALL)


def split_at_colons(filled: Filled) -> tuple[Filled, ...]:
    """Return the template's segments, those parts that colons separate; a variable's colons count too."""
    segments: list[list[str | Wildcard]] = [[]]
    for part in filled:
        if isinstance(part, Wildcard):
            segments[-1].append(part)
            continue
        first, *others = part.split(":")
        segments[-1].append(first)
        segments += [[each] for each in others]
    return tuple(tuple(part for part in segment if part != "") for segment in segments)
