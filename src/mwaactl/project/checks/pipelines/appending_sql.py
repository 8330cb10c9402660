"""SQL that adds rows anew each time: a task that is tried again, or a run that is repeated, doubles them."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "appending-sql"
_NAME = r'[\w."{}$]+'
_INSERT = re.compile(rf"\binsert\s+into\s+(?P<table>{_NAME})", re.IGNORECASE)
_TEMPORARY = r"(?:local\s+)?temp(?:orary)?"
# One expression for all tables: to make one for each takes longest where there are thousands of files.
_MAKING_ROOM = re.compile(
    r"\b(?:delete\s+from|merge\s+into|truncate(?:\s+table)?|drop\s+table(?:\s+if\s+exists)?"
    rf"|create\s+{_TEMPORARY}\s+table\s+if\s+not\s+exists|create\s+(?:{_TEMPORARY}\s+)?table)"
    rf"\s+(?P<table>{_NAME})",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_HINT = "delete what is to be replaced first, in the same batch, or write MERGE"


def appending_sql(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports INSERT INTO in string literals that neither delete nor merge into the same table."""
    whole = "\n".join(text for _line, text in source.texts)
    for line, text in source.texts:
        for table, _position in _appended(text, whole):
            yield from source.finding(RULE, "warning", line, _message(table), _HINT)


def appends_in_sql(path: str, text: str) -> Iterator[Finding]:
    """Reports the same in a SQL file; `-- noqa: appending-sql` in it silences that."""
    if f"noqa: {RULE}" not in text:
        for table, position in _appended(text, text):
            yield Finding(RULE, "warning", path, text.count("\n", 0, position) + 1, _message(table), _HINT)


def _appended(text: str, around: str) -> Iterator[tuple[str, int]]:
    """Yield the tables that a text inserts into, where what stands around it makes no room."""
    if not _INSERT.search(text):
        return
    bare = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    room = {found["table"].lower() for found in _MAKING_ROOM.finditer(around)}
    for found in _INSERT.finditer(bare):
        if (table := found["table"]).lower() not in room:
            yield table, found.start()


def _message(table: str) -> str:
    return f"a second try adds the rows of `{table}` again"
