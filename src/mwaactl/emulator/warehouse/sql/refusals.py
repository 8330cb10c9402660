"""What Redshift has and the emulator does not model, as data: the construct and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from mwaactl.emulator.warehouse.faults import Refused


@dataclass(frozen=True, slots=True)
class Refusal:
    """One construct that fails a statement.

    Attributes:
        construct: Its name, as the user wrote it.
        reason: Why, or what to write instead.
    """

    construct: str
    reason: str

    def error(self) -> Refused:
        """Return the failure to raise."""
        return Refused(self.construct, self.reason)


# By the statement's leading words; longest match first.
STATEMENTS: dict[tuple[str, ...], Refusal] = {
    ("alter", "table", "append"): Refusal("ALTER TABLE APPEND", "use INSERT INTO … SELECT and TRUNCATE"),
    ("alter", "default"): Refusal("ALTER DEFAULT PRIVILEGES", "permissions are not modelled"),
    ("alter", "user"): Refusal("ALTER USER", "database users are not modelled"),
    ("alter", "group"): Refusal("ALTER GROUP", "database users are not modelled"),
    ("alter", "schema"): Refusal("ALTER SCHEMA", "recreate the schema under its new name"),
    ("call",): Refusal("CALL", "stored procedures are not modelled"),
    ("cancel",): Refusal("CANCEL", "use the Data API's CancelStatement"),
    ("comment",): Refusal("COMMENT", "the emulator keeps table attributes where comments live"),
    ("create", "database"): Refusal(
        "CREATE DATABASE", "a namespace has the one database it was created with"
    ),
    ("create", "datashare"): Refusal("CREATE DATASHARE", "data sharing is not modelled"),
    ("create", "external", "function"): Refusal("CREATE EXTERNAL FUNCTION", "Lambda UDFs are not modelled"),
    ("create", "external", "model"): Refusal("CREATE EXTERNAL MODEL", "Redshift ML is not modelled"),
    ("create", "function"): Refusal("CREATE FUNCTION", "user-defined functions are not modelled"),
    ("create", "group"): Refusal("CREATE GROUP", "database users are not modelled"),
    ("create", "library"): Refusal("CREATE LIBRARY", "user-defined functions are not modelled"),
    ("create", "model"): Refusal("CREATE MODEL", "Redshift ML is not modelled"),
    ("create", "or", "replace", "function"): Refusal(
        "CREATE FUNCTION", "user-defined functions are not modelled"
    ),
    ("create", "or", "replace", "procedure"): Refusal(
        "CREATE PROCEDURE", "stored procedures are not modelled"
    ),
    ("create", "procedure"): Refusal("CREATE PROCEDURE", "stored procedures are not modelled"),
    ("create", "role"): Refusal("CREATE ROLE", "database roles are not modelled"),
    ("create", "user"): Refusal("CREATE USER", "database users are not modelled"),
    ("drop", "procedure"): Refusal("DROP PROCEDURE", "stored procedures are not modelled"),
    ("drop", "function"): Refusal("DROP FUNCTION", "user-defined functions are not modelled"),
    ("drop", "user"): Refusal("DROP USER", "database users are not modelled"),
    ("drop", "group"): Refusal("DROP GROUP", "database users are not modelled"),
    ("drop", "role"): Refusal("DROP ROLE", "database roles are not modelled"),
    ("drop", "database"): Refusal("DROP DATABASE", "a namespace has the one database it was created with"),
    ("declare",): Refusal("DECLARE", "cursors are not modelled: read result pages through the Data API"),
    ("deallocate",): Refusal("DEALLOCATE", "prepared statements are not modelled"),
    ("explain",): Refusal("EXPLAIN", "DuckDB's plan is not Redshift's"),
    ("fetch",): Refusal("FETCH", "cursors are not modelled"),
    ("grant",): Refusal("GRANT", "permissions are not modelled, so granting one would prove nothing"),
    ("lock",): Refusal("LOCK", "writers already wait for one another"),
    ("prepare",): Refusal("PREPARE", "prepared statements are not modelled: use the Data API's parameters"),
    ("execute",): Refusal("EXECUTE", "prepared statements are not modelled"),
    ("alter", "materialized"): Refusal("ALTER MATERIALIZED VIEW", "drop and create it"),
    ("reset",): Refusal("RESET", "session parameters are not modelled"),
    ("revoke",): Refusal("REVOKE", "permissions are not modelled"),
    ("show", "databases"): Refusal("SHOW DATABASES", "a namespace has the one database: query PG_DATABASE"),
    ("show", "grants"): Refusal("SHOW GRANTS", "permissions are not modelled"),
}

# By the node of the syntax tree.
NODES: dict[type[exp.Expr], Refusal] = {
    exp.Distinct: Refusal("DISTINCT ON", "Redshift has no DISTINCT ON: use QUALIFY ROW_NUMBER()"),
    exp.Filter: Refusal("FILTER", "Redshift has no FILTER clause: use CASE inside the aggregate"),
    exp.OnConflict: Refusal("ON CONFLICT", "Redshift has none: use MERGE"),
    exp.Returning: Refusal("RETURNING", "Redshift has none"),
    exp.Lateral: Refusal("LATERAL", "lateral joins are not modelled"),
    exp.Unnest: Refusal("UNNEST", "unnesting of SUPER values is not modelled"),
    exp.AtIndex: Refusal("AT with the elements of a SUPER array", "elements come without their index"),
    exp.Pivot: Refusal("UNPIVOT of a SUPER object", "navigate to its members by name"),
    exp.Connect: Refusal("CONNECT BY", "write a recursive common table expression"),
    exp.Collate: Refusal("COLLATE", "case-insensitive columns are not modelled"),
    exp.TableSample: Refusal("TABLESAMPLE", "Redshift has none"),
    exp.If: Refusal("IF", "Redshift has none: use CASE"),
}

# By data type.
TYPES: dict[str, Refusal] = {
    name: Refusal(name, "the type is not modelled")
    for name in (
        "GEOMETRY",
        "GEOGRAPHY",
        "HLLSKETCH",
        "INTERVAL",
        "TIMETZ",
        "UUID",
        "JSON",
        "JSONB",
        "ARRAY",
        "STRUCT",
    )
}

# By COPY's and UNLOAD's options.
COPY_OPTIONS: dict[str, Refusal] = {
    name: Refusal(f"COPY … {name}", reason)
    for name, reason in {
        "AVRO": "formats are CSV, delimited and fixed-width text, JSON and PARQUET",
        "ENCRYPTED": "client-side encryption is not modelled",
        "LZOP": "compress with GZIP, BZIP2 or ZSTD",
        "MASTER_SYMMETRIC_KEY": "client-side encryption is not modelled",
        "ORC": "formats are CSV, delimited and fixed-width text, JSON and PARQUET",
        "READRATIO": "it belongs to DynamoDB sources",
        "SHAPEFILE": "formats are CSV, delimited and fixed-width text, JSON and PARQUET",
        "SSH": "sources are S3 keys and manifests",
    }.items()
}
UNLOAD_OPTIONS: dict[str, Refusal] = {
    name: Refusal(f"UNLOAD … {name}", reason)
    for name, reason in {
        "ENCRYPTED": "encrypt with the bucket's default encryption",
        "FIXEDWIDTH": "use FORMAT AS CSV",
        "KMS_KEY_ID": "encrypt with the bucket's default encryption",
        "MASTER_SYMMETRIC_KEY": "client-side encryption is not modelled",
    }.items()
}


def refused_statement(words: tuple[str, ...]) -> Refusal | None:
    """Return the refusal for a statement that begins with these lower-case words, if there is one."""
    if words[:2] == ("alter", "table") and "append" in words:  # the table's name stands in between
        return STATEMENTS["alter", "table", "append"]
    for size in range(min(4, len(words)), 0, -1):
        if words[:size] in STATEMENTS:
            return STATEMENTS[words[:size]]
    return None
