"""The SQL files as lists of statements.

Redshift's Data API takes one statement at a time, or a list that it runs in one transaction:
https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
"""

from pathlib import Path

import sqlparse

SQL = Path(__file__).parent / "sql"
MAX_BATCH = 40


def statements(*files: str) -> list[str]:
    """Return the statements of SQL files, in order, with their templates as they stand.

    Args:
        files: paths below `sql/`, for example `raw/flights.sql`.

    Raises:
        ValueError: there are more statements than one batch of the Data API takes.
    """
    found = [text for file in files for text in sqlparse.split((SQL / file).read_text()) if text.strip()]
    if len(found) > MAX_BATCH:
        message = f"{len(found)} statements in {', '.join(files)}: a batch takes {MAX_BATCH}"
        raise ValueError(message)
    return found
