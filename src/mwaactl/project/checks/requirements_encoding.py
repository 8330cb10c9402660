"""A requirements.txt that pip and people would read differently."""

import codecs
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def requirements_encoding(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports a byte order mark, and bytes that are not UTF-8: MWAA would have to guess."""
    if bundle.requirements is None:
        return
    content = bundle.requirements.content
    if content.startswith(_MARKS):
        yield _finding("begins with a byte order mark")
        return
    try:
        content.decode()
    except UnicodeDecodeError as error:
        yield _finding(f"is not UTF-8: byte {error.start} is {content[error.start]:#x}")


def _finding(message: str) -> Finding:
    hint = "save it as UTF-8 without a byte order mark"
    return Finding("requirements-encoding", "error", REQUIREMENTS, None, message, hint)
