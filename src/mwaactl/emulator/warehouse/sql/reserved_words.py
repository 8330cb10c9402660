"""Words that Redshift reserves: as a name of a table or column they must be quoted.

https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
"""

from __future__ import annotations

from sqlglot import exp

from mwaactl.emulator.warehouse.faults import StatementFailed

RESERVED = frozenset(
    {
        "aes128", "aes256", "all", "allowoverwrite", "analyse", "analyze", "and", "any", "array", "as",
        "asc", "authorization", "az64", "backup", "between", "binary", "blanksasnull", "both", "bytedict",
        "bzip2", "case", "cast", "check", "collate", "column", "constraint", "create", "credentials",
        "cross", "current_date", "current_time", "current_timestamp", "current_user", "current_user_id",
        "default", "deferrable", "deflate", "defrag", "delta", "delta32k", "desc", "disable", "distinct",
        "do", "else", "emptyasnull", "enable", "encode", "encrypt", "encryption", "end", "except",
        "explicit", "false", "for", "foreign", "freeze", "from", "full", "globaldict256", "globaldict64k",
        "grant", "group", "gzip", "having", "identity", "ignore", "ilike", "in", "initially", "inner",
        "intersect", "interval", "into", "is", "isnull", "join", "language", "leading", "left", "like",
        "limit", "localtime", "localtimestamp", "lun", "luns", "lzo", "lzop", "minus", "mostly16",
        "mostly32", "mostly8", "natural", "new", "not", "notnull", "null", "nulls", "off", "offline",
        "offset", "oid", "old", "on", "only", "open", "or", "order", "outer", "overlaps", "parallel",
        "partition", "percent", "permissions", "pivot", "placing", "primary", "raw", "readratio", "recover",
        "references", "rejectlog", "resort", "respect", "restore", "right", "select", "session_user",
        "similar", "snapshot", "some", "sysdate", "system", "table", "tag", "tdes", "text255", "text32k",
        "then", "timestamp", "to", "top", "trailing", "true", "truncatecolumns", "union", "unique",
        "unnest", "unpivot", "user", "using", "verbose", "wallet", "when", "where", "with", "without",
    }
)  # fmt: skip
_NAMED = exp.Table | exp.ColumnDef | exp.Column | exp.TableAlias


def refuse_reserved(tree: exp.Expr) -> None:
    """Fail a statement that uses a reserved word as a name without quoting it.

    A label after AS may be any word, and so may a column behind its table and a dot.
    """
    for name in tree.find_all(exp.Identifier):
        if name.args.get("quoted") or name.name.lower() not in RESERVED:
            continue
        behind_dot = isinstance(name.parent, exp.Column) and name.arg_key == "this" and name.parent.table
        if isinstance(name.parent, _NAMED) and not behind_dot:
            message = (
                f'ERROR: syntax error at or near "{name.name}": the word is reserved, so quote it as a name'
            )
            raise StatementFailed(message)
