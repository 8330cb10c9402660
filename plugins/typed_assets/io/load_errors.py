"""What a COPY that failed has found wrong: the file, the line and the column, as Redshift notes them.

https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from os.path import commonprefix

from typed_assets.io.errors import DataError
from typed_assets.io.statements import StatementError, Warehouse
from typed_assets.spec.assets import Asset

_CLOCKS = timedelta(minutes=5)
"""By which the clocks of a worker and of the warehouse may differ."""
_KEPT = 256
"""Bytes of the name of a file that Redshift notes."""
_NEWEST_FIRST = (
    "SELECT file_name, line_number, column_name, error_message FROM sys_load_error_detail "
    "WHERE start_time >= CAST(:since AS TIMESTAMP) AND STRPOS(file_name, :start) = 1 ORDER BY start_time DESC"
)
"""No limit: other loads may have noted any number since; what comes after the load's own is not fetched."""


def load_error(
    asset: Asset, error: StatementError, warehouse: Warehouse, files: Collection[str], began: datetime
) -> DataError:
    """Return the error of a COPY with what Redshift has noted of it; the error itself where that is nothing.

    Args:
        asset: that was loaded.
        error: of the statement.
        warehouse: that it ran in.
        files: that were loaded, as URIs.
        began: when.
    """
    if "load_error" not in error.message.lower():  # it names the system table where it has noted something
        return error
    noted = {_as_noted(file): file for file in files}
    since = (began - _CLOCKS).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    start = commonprefix(list(noted))  # noqa: RUF071 - a beginning of names, not a folder
    given = {"since": since, "start": start}
    try:
        for name, line, column, message in warehouse.rows(_NEWEST_FIRST, given):
            if (file := noted.get(str(name).strip())) is not None:
                said = f"column `{str(column).strip()}`: {str(message).strip()}" if column else str(message)
                text = f"{file}:{line} cannot be loaded for {asset.name}: {said}"
                return DataError(text, hint=error.hint)
    except StatementError:
        return error  # whoever may load need not be allowed to read this
    return error


def _as_noted(file: str) -> str:
    return file.encode()[:_KEPT].decode(errors="ignore").strip()
