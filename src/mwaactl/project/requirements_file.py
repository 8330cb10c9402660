"""The lines of a requirements.txt, as pip and MWAA understand them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mwaactl.project.requirement_options import Option, read_options
from mwaactl.project.requirements.markers import is_marker

_WORD = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_EXTRAS = rf"\[\s*(?:{_WORD}(?:\s*,\s*{_WORD})*)?\s*\]"
# "Version specifiers" at packaging.python.org, appendix B.
_VERSION = (
    r"v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:alpha|a|beta|b|preview|pre|rc|c)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?"
)
_CLAUSE = rf"(?:==|!=|<=|>=|~=|<|>)\s*{_VERSION}(?:\.\*)?"
_CLAUSES = rf"{_CLAUSE}(?:\s*,\s*{_CLAUSE})*\s*,?"
# "Dependency specifiers" at packaging.python.org, without the inside of markers and addresses.
_READABLE = re.compile(
    rf"{_WORD}\s*(?:{_EXTRAS})?\s*(?:@\s*\S+|===\s*{_VERSION}(?:\.\*)?|{_CLAUSES}|\(\s*{_CLAUSES}\s*\))?\s*(?:;.*\S.*)?",
    re.IGNORECASE | re.ASCII,
)
_NAME = re.compile(rf"({_WORD})\s*(?:\[[^]]*\])?\s*([^;]*)")
_PIN = re.compile(rf"={{2,3}}\s*({_VERSION})", re.IGNORECASE | re.ASCII)
_LOCATION = re.compile(
    r"[a-z][a-z0-9+.-]*://|[a-z]+\+|[./~\\]|[^\s@;=<>!~\[(]*[/\\]"
    r"|[^\s@;=<>!~\[(]*\.(?:whl|zip|tgz|tar(?:\.(?:gz|bz2|xz))?)(?:$|[\s;\[])",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(^|\s+)#.*$")
_FIRST_OPTION = re.compile(r"(?:^| )-")
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")


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
        """Whether it holds options of pip and no requirement."""
        return self.text.startswith("-")

    @property
    def requirement(self) -> str:
        """What stands before the first option; pip separates them by a space, not by a tab."""
        first = _FIRST_OPTION.search(self.text)
        return self.text[: first.start()].strip() if first else self.text

    @property
    def options(self) -> tuple[Option, ...]:
        """The options.

        Raises:
            ValueError: A quotation mark has no partner.
        """
        return read_options(self.text[len(self.requirement) :])

    @property
    def is_location(self) -> bool:
        """Whether it names a place (an address or a path) instead of a package."""
        return bool(_LOCATION.match(self.requirement))

    @property
    def is_readable(self) -> bool:
        """Whether pip can read it; one line that it cannot read keeps it from installing anything."""
        try:
            _ = self.options
        except ValueError:
            return False
        if self.is_option or self.is_location:
            return True
        return bool(_READABLE.fullmatch(self.requirement)) and (not self.marker or is_marker(self.marker))

    @property
    def variables(self) -> tuple[str, ...]:
        """What pip takes from the process environment in place of these words, for example `${TOKEN}`."""
        return tuple(_VARIABLE.findall(self.text))

    @property
    def name(self) -> str | None:
        """The package's normalised name; None for options and bare locations."""
        match = _NAME.match(self.text)
        return normalised(match[1]) if match and not (self.is_option or self.is_location) else None

    @property
    def specifier(self) -> str:
        """What follows name and extras, without marker and options, for example `==2.3.3`."""
        match = _NAME.match(self.requirement)
        return match[2].strip().removeprefix("(").removesuffix(")").strip() if match else ""

    @property
    def marker(self) -> str:
        """The condition under which it holds, for example `python_version < "3.12"`; empty for none."""
        return self.requirement.partition(";")[2].strip()

    @property
    def pinned_version(self) -> str | None:
        """The one version that it allows; None where it allows more than one."""
        match = _PIN.fullmatch(self.specifier)
        return match[1] if match else None

    @property
    def hashes(self) -> tuple[str, ...]:
        """What its file may hash to, each as `algorithm:digest`."""
        return tuple(option.value for option in self.options if option.name == "--hash")


def normalised(name: str) -> str:
    """Normalises a package name: lower case, with single hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


def same_version(one: str, other: str) -> bool:
    """Says whether two versions are one for pip: `1.0` is `1.0.0`, and `1.0+local` satisfies `==1.0`."""
    return _release(one) == _release(other)


def requirement_lines(content: bytes) -> tuple[RequirementLine, ...]:
    """Reads a requirements file; bytes that are not UTF-8 become replacement characters."""
    text = content.decode("utf-8-sig", errors="replace")
    stripped = ((number, _COMMENT.sub("", line).strip()) for number, line in _joined(text))
    return tuple(RequirementLine(number, re.sub(" +", " ", line)) for number, line in stripped if line)


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Joins lines that end in a backslash, as pip does: a comment line is never continued, but continues."""
    parts: list[str] = []
    start = 0
    for number, line in enumerate(text.splitlines(), start=1):
        comment = _COMMENT.match(line)
        start = start if parts else number
        if line.endswith("\\") and not comment:
            parts.append(line.strip("\\"))
        else:
            yield start, "".join((*parts, f" {line}" if comment else line))
            parts = []
    if parts:
        yield start, "".join(parts)


def _release(version: str) -> str:
    bare = version.lower().removeprefix("v").partition("+")[0]
    return re.sub(r"(\.0)+$", "", bare)
