"""A requirements.txt that pip and people would read differently."""

import codecs
import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
ENCODING_HINT = "save it as UTF-8 without a byte order mark"
# pip and MWAA decode the file as such a comment in one of the first two lines says (PEP 263).
_DECLARED = re.compile(rb"^#.*?coding[:=]\s*([-\w.]+)")
# Control characters, line ends that editors do not show, and those that turn the direction of writing.
_UNSEEN = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]|\r(?!\n)")


def requirements_encoding(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports what changes the encoding, bytes that are not UTF-8, and characters that nobody sees."""
    content = bundle.requirements.content if bundle.requirements else b""
    for number, message in encoding_problems(content):
        yield Finding("requirements-encoding", "error", REQUIREMENTS, number, message, ENCODING_HINT)


def encoding_problems(content: bytes) -> Iterator[tuple[int | None, str]]:
    """Gives the lines of a requirements file, where there is one to blame, and what is wrong with them."""
    if content.startswith(_MARKS):
        yield None, "begins with a byte order mark"
        return
    if declared := _other_encoding(content):
        yield 1, f"declares the encoding `{declared}`, in which pip would read something else"
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        yield number, f"is not UTF-8: byte {error.start} is {content[error.start]:#x}"
        return
    for match in _UNSEEN.finditer(text):
        number = text.count("\n", 0, match.start()) + 1
        yield number, f"has the character U+{ord(match[0]):04X}, which nobody sees and pip does"


def _other_encoding(content: bytes) -> str | None:
    matches = (_DECLARED.match(line) for line in content.split(b"\n")[:2])
    names = (match[1].decode() for match in matches if match)
    return next((name for name in names if name.lower() not in ("utf-8", "utf8", "ascii")), None)
