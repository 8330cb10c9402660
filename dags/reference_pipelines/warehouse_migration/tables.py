"""Which tables move, and the SQL that moves one and tells whether it arrived. Pure: names in, SQL out."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

SOURCE_SCHEMA, TARGET_SCHEMA = '"raw"', "migrated"
TABLES: Mapping[str, tuple[str, ...]] = {
    "airlines": ("carrier", "name"),
    "airports": ("faa", "name", "lat", "lon", "alt", "tz", "dst", "tzone"),
    "planes": ("tailnum", "year", "type", "manufacturer", "model", "engines", "seats", "speed", "engine"),
    "weather": (
        *("origin", "year", "month", "day", "hour", "temp", "dewp", "humid", "wind_dir", "wind_speed"),
        *("wind_gust", "precip", "pressure", "visib", "time_hour"),
    ),
    "flights": (
        *("year", "month", "day", "dep_time", "sched_dep_time", "dep_delay", "arr_time", "sched_arr_time"),
        *("arr_delay", "carrier", "flight", "tailnum", "origin", "dest", "air_time", "distance", "hour"),
        *("minute", "time_hour"),
    ),
}
_SQL = files(__package__) / "sql"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared on both sides.

    Attributes:
        rows: how many there are.
        checksum: the sum over all rows of a number made of each row's MD5; their order does not matter.
    """

    rows: int
    checksum: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Fingerprint":
        """Read the one row that `fingerprint_sql` gives."""
        return cls(int(row["row_count"]), str(row["checksum"]))


def fingerprint_sql(schema: str, table: str) -> str:
    """Return the query for a table's fingerprint; a missing value counts as another thing than an empty text.

    Twelve digits of the MD5 become one number, by their codes times powers of 16: that is below 2^53, and the
    sum over a table stays below what `NUMERIC(38)` holds.
    """
    number = " + ".join(
        f"CAST(ASCII(SUBSTRING(digest, {place}, 1)) AS BIGINT) * {16 ** (place - 1)}"
        for place in range(1, 13)
    )
    text = " || '|' || ".join(f"COALESCE(CAST({_quoted(name)} AS VARCHAR), CHR(1))" for name in TABLES[table])
    template = (_SQL / "fingerprint.sql").read_text(encoding="utf-8")
    return template.format(number=number, row=text, schema=schema, table=table)


def move_sql(table: str, prefix: str, role_arn: str) -> tuple[str, list[str]]:
    """Return the statement that unloads a table, and those that load it in one transaction.

    Args:
        table: one of `TABLES`.
        prefix: `s3://BUCKET/PREFIX/` for its files; what an earlier try left there goes.
        role_arn: the warehouse's role for S3.
    """
    columns = ", ".join(_quoted(name) for name in TABLES[table])
    fields = {
        "columns": columns,
        "source": f"{SOURCE_SCHEMA}.{table}",
        "target": f"{TARGET_SCHEMA}.{table}",
        "prefix": prefix,
        "role_arn": role_arn,
    }
    unload, load = (
        (_SQL / f"{name}.sql").read_text(encoding="utf-8").format(**fields) for name in ("unload", "load")
    )
    return unload.strip().rstrip(";"), [each.strip() for each in load.split(";") if each.strip()]


def _quoted(name: str) -> str:
    return f'"{name}"'
