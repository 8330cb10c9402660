"""What a COPY that failed has found wrong: the file, the line and the column, as Redshift notes them.

https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from typed_assets.io.errors import DataError
from typed_assets.io.statements import StatementError, Warehouse
from typed_assets.spec.assets import Asset

_CLOCKS = timedelta(minutes=5)
"""By which the clocks of a worker and of the warehouse may differ."""
_LATEST = (
    "SELECT file_name, line_number, column_name, error_message FROM sys_load_error_detail "
    "WHERE start_time >= CAST(:since AS TIMESTAMP) ORDER BY start_time DESC LIMIT 20"
)


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
    since = (began - _CLOCKS).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    try:
        rows = list(warehouse.rows(_LATEST, {"since": since}))
    except StatementError:
        return error  # whoever may load need not be allowed to read this
    for file, line, column, message in rows:
        if str(file).strip() in files:
            place = f"{str(file).strip()}:{line}"
            said = f"column `{str(column).strip()}`: {str(message).strip()}" if column else str(message)
            text = f"{place} cannot be loaded for {asset.name}: {said}"
            return DataError(text, hint=error.hint)
    return error
