"""Keeps what others have written apart from our own words, where one text holds both.

A command that our own words name in backticks is completed before it is shown. One in a line of a log, in a
comment of a DAG or in an exception belongs to whoever wrote it, and stays as it is.
"""

import re

_COMMAND = re.compile(r"`(?=(?:mwaactl|npx) )")
# A noncharacter, which Unicode keeps for use within a program.
_MARK = "\ufdd0"


def quoted(text: str) -> str:
    """Return a text of others with a mark in each command; `unmarked` takes it away before it is shown."""
    return _COMMAND.sub(f"`{_MARK}", text)


def unmarked(text: str) -> str:
    """Return a text without the marks of `quoted`."""
    return text.replace(_MARK, "")
