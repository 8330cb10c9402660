"""SQL that adds rows anew each time: a task that is tried again, or a run that is repeated, doubles them."""

import re
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "appending-sql"
_NAME = r'[\w."{}$]+'
_INSERT = re.compile(rf"\binsert\s+into\s+(?P<table>{_NAME})", re.IGNORECASE)
_MAKING_ROOM = (
    r"\bdelete\s+from\s+{table}",
    r"\btruncate\s+(?:table\s+)?{table}",
    r"\bdrop\s+table\s+(?:if\s+exists\s+)?{table}",
    r"\bcreate\s+(?:(?:local\s+)?temp(?:orary)?\s+)?table\s+{table}",
    r"\bcreate\s+(?:local\s+)?temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?{table}",
    r"\bmerge\s+into\s+{table}",
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
    bare = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for found in _INSERT.finditer(bare):
        table = found["table"]
        patterns = (each.replace("{table}", re.escape(table)) for each in _MAKING_ROOM)
        if not any(re.search(rf"{each}(?![\w.])", around, re.IGNORECASE) for each in patterns):
            yield table, found.start()


def _message(table: str) -> str:
    return f"a second try adds the rows of `{table}` again"
