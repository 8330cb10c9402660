"""The lines of a requirements.txt, as pip and MWAA understand them."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\])?\s*(.*)", re.DOTALL)
_COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One logical line: comments are gone, lines that end in a backslash are joined.

    Attributes:
        number: Line in the file at which it begins, from 1.
        text: For example `pandas==2.3.3 --hash=sha256:…` or `--extra-index-url …`.
    """

    number: int
    text: str

    @property
    def is_option(self) -> bool:
        """Whether it is an option of pip rather than a requirement."""
        return self.text.startswith("-")

    @property
    def is_location(self) -> bool:
        """Whether it names a place (an address or a path) instead of a package."""
        return bool(re.match(r"[a-z+]+://|\.{0,2}/|[a-z]+\+", self.text))

    @property
    def name(self) -> str | None:
        """The package's normalised name; None for options and bare locations."""
        match = _NAME.match(self.text)
        return normalised(match[1]) if match and not (self.is_option or self.is_location) else None

    @property
    def specifier(self) -> str:
        """What follows name and extras, without marker and hashes, for example `==2.3.3`."""
        match = _NAME.match(self.text)
        return re.split(r";|\s--", match[2])[0].strip() if match else ""

    @property
    def pinned_version(self) -> str | None:
        """The one version that it allows; None where it allows more than one."""
        match = re.fullmatch(r"={2,3}\s*([^\s,*]+)", self.specifier)
        return match[1] if match else None


def normalised(name: str) -> str:
    """Normalises a package name: lower case, with single hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_lines(content: bytes) -> tuple[RequirementLine, ...]:
    """Reads a requirements file; bytes that are not UTF-8 become replacement characters."""
    lines: list[RequirementLine] = []
    pending, start = "", 0
    for number, raw in enumerate(content.decode("utf-8-sig", errors="replace").splitlines(), start=1):
        start = start if pending else number
        joined = pending + _COMMENT.sub("", raw)
        if joined.endswith("\\"):
            pending = joined[:-1] + " "
            continue
        pending = ""
        if text := " ".join(joined.split()):
            lines.append(RequirementLine(start, text))
    if text := " ".join(pending.split()):
        lines.append(RequirementLine(start, text))
    return tuple(lines)
