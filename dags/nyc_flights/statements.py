"""The SQL files as lists of statements.

Redshift's Data API takes one statement at a time, or a list that it runs in one transaction:
https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
"""

from importlib.resources import files

import sqlparse

SQL = files(__package__) / "sql"
MAX_BATCH = 40


def statements(*names: str) -> list[str]:
    """Return the statements of SQL files, in order, with their templates as they stand.

    Args:
        names: paths below `sql/`, for example `raw/flights.sql`.

    Raises:
        ValueError: there are more statements than one batch of the Data API takes.
    """
    found = [text for name in names for text in sqlparse.split((SQL / name).read_text()) if text.strip()]
    if len(found) > MAX_BATCH:
        message = f"{len(found)} statements in {', '.join(names)}: a batch takes {MAX_BATCH}"
        raise ValueError(message)
    return found
