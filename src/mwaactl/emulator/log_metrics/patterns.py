"""Filter patterns for lines without a structure: terms that have to be there, may be there, or may not.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TERM = re.compile(
    r'\s*(?P<sign>[?-]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[\w.:/@#$&+*=<>!,;-]+))(?=\s|$)'
)


class UnknownPatternError(ValueError):
    """A pattern is not modelled; the text is the pattern."""


@dataclass(frozen=True, slots=True)
class FilterPattern:
    """What a line has to hold.

    Attributes:
        all_of: Terms that it has to hold, each of them.
        any_of: Terms of which one is enough, where there are no others.
        none_of: Terms that it may not hold.
    """

    all_of: tuple[str, ...]
    any_of: tuple[str, ...]
    none_of: tuple[str, ...]

    def matches(self, line: str) -> bool:
        """Tell whether a line is one of those that are counted; capitals matter."""
        if any(term in line for term in self.none_of) or not all(term in line for term in self.all_of):
            return False
        return bool(self.all_of) or not self.any_of or any(term in line for term in self.any_of)


def read_pattern(text: str) -> FilterPattern:
    """Return a pattern, ready to be asked.

    Raises:
        UnknownPatternError: It is of JSON, of columns, or has a regular expression: those are not modelled.
    """
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    position, text = 0, text.strip()
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None:
            raise UnknownPatternError(text)
        phrase = found["phrase"]
        terms[found["sign"]].append(found["word"] if phrase is None else re.sub(r"\\(.)", r"\1", phrase))
        position = found.end()
    return FilterPattern(tuple(terms[""]), tuple(terms["?"]), tuple(terms["-"]))
