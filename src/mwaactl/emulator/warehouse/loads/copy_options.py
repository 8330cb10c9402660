"""Options of COPY that exclude one another.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.faults import Refused, StatementFailed

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.sql.load_options import CopyCommand

_NOT_WITH = {
    "CSV": {"FIXEDWIDTH", "REMOVEQUOTES", "ESCAPE", "JSON", "PARQUET"},
    "FIXEDWIDTH": {"DELIMITER", "JSON", "PARQUET", "REMOVEQUOTES", "ESCAPE"},
    "JSON": {"DELIMITER", "ESCAPE", "FILLRECORD", "FIXEDWIDTH", "IGNOREBLANKLINES", "NULL", "PARQUET",
             "QUOTE", "REMOVEQUOTES", "IGNOREHEADER"},
    "PARQUET": {"ACCEPTINVCHARS", "BLANKSASNULL", "BZIP2", "DATEFORMAT", "DELIMITER", "EMPTYASNULL",
                "ENCODING",
                "ESCAPE", "GZIP", "IGNOREBLANKLINES", "IGNOREHEADER", "MAXERROR", "NOLOAD", "NULL", "QUOTE",
                "REMOVEQUOTES", "TIMEFORMAT", "TRIMBLANKS", "TRUNCATECOLUMNS", "ZSTD"},
}  # fmt: skip
_PACKINGS = ("GZIP", "BZIP2", "ZSTD")
_MOST_ERRORS = 100_000


def check_copy(command: CopyCommand) -> None:
    """Fail a COPY whose options do not go together.

    Raises:
        StatementFailed: If Redshift would refuse it too.
        Refused: If only the emulator does.
    """
    options = command.options
    for name, others in _NOT_WITH.items():
        clash = sorted(others & options.keys()) if name in options else ()
        if clash:
            message = f"ERROR: {clash[0]} option is not supported with {name}"
            raise StatementFailed(message)
    packed = [name for name in _PACKINGS if name in options]
    if len(packed) > 1:
        message = f"ERROR: {packed[0]} and {packed[1]} exclude one another"
        raise StatementFailed(message)
    if "ZSTD" in options and options.keys() & {"ESCAPE", "REMOVEQUOTES", "ACCEPTINVCHARS", "ENCODING"}:
        msg = "COPY … ZSTD with ESCAPE, REMOVEQUOTES, ACCEPTINVCHARS or ENCODING"
        raise Refused(msg, "compress with GZIP or BZIP2")
    if not 0 <= int(options.get("MAXERROR", 0)) <= _MOST_ERRORS:
        message = f"ERROR: MAXERROR must be between 0 and {_MOST_ERRORS}"
        raise StatementFailed(message)
