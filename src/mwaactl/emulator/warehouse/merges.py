"""MERGE: what Redshift's grammar allows, matches that are not unique, and REMOVE DUPLICATES.

https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlglot import exp

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.statement_text import tokens_of
from mwaactl.emulator.warehouse.sql.translate import parse

if TYPE_CHECKING:
    from collections.abc import Callable

_STAGE = "#rs_merge_source"
_BOTH = 2


def check_merge(tree: exp.Merge, count: Callable[[str], int]) -> None:
    """Fail a MERGE that Redshift would refuse.

    Args:
        tree: The statement.
        count: Returns the number that a query of Redshift gives.

    Raises:
        StatementFailed: If its clauses are others than WHEN MATCHED and WHEN NOT MATCHED, or a row of the
            target matches several rows of the source.
    """
    whens = tree.args["whens"].expressions
    for when in whens:
        _insert_without_columns(when.args["then"])
    shapes = sorted(bool(when.args.get("matched")) for when in whens)
    if shapes != [False, True] or any(
        when.args.get("condition") or when.args.get("source") for when in whens
    ):
        message = (
            "ERROR: syntax error: MERGE takes one WHEN MATCHED and one WHEN NOT MATCHED, without conditions"
        )
        raise StatementFailed(message)
    name = tree.this.alias_or_name
    using, on = _text(tree.args["using"]), _text(tree.args["on"])
    pairs = f"SELECT 1 FROM {_text(tree.this)} JOIN {using} ON {on}"  # noqa: S608
    if count(f"SELECT COUNT(*) FROM ({pairs} GROUP BY {name}.rowid HAVING COUNT(*) > 1) AS several"):  # noqa: S608
        message = "ERROR: Found multiple matches to update the same tuple."
        raise StatementFailed(message)


def _insert_without_columns(then: exp.Expr) -> None:
    """Read INSERT VALUES (…) as values; sqlglot takes VALUES for a function."""
    if isinstance(then, exp.Insert) and isinstance(then.this, exp.Tuple) and not then.expression:
        (values,) = then.this.expressions
        then.set("expression", exp.Tuple(expressions=values.expressions))
        then.set("this", None)


def removes_duplicates(sql: str) -> bool:
    """Whether a MERGE ends in REMOVE DUPLICATES."""
    words = [token.text.upper() for token in tokens_of(sql)]
    return words[-_BOTH:] == ["REMOVE", "DUPLICATES"]


def merge_without_duplicates(sql: str, run: Callable[[str], int]) -> int:
    """Replace the rows that match by the source's rows, each once; returns how many rows are inserted.

    Args:
        sql: The statement.
        run: Runs a statement of Redshift and returns how many rows it changed.
    """
    tokens = tokens_of(sql)
    tree = cast("exp.Merge", parse(sql[: tokens[-_BOTH].start] + " WHEN MATCHED THEN DELETE"))
    target, source = tree.this, tree.args["using"]
    if target.alias:
        message = "ERROR: MERGE … REMOVE DUPLICATES takes the target's name without an alias"
        raise StatementFailed(message)
    run(f"CREATE TABLE {_STAGE} AS SELECT DISTINCT * FROM {_text(source)}")  # noqa: S608
    run(f"DELETE FROM {_text(target)} USING {_text(source)} WHERE {_text(tree.args['on'])}")  # noqa: S608
    count = run(f"INSERT INTO {_text(target)} SELECT * FROM {_STAGE}")  # noqa: S608
    run(f"DROP TABLE {_STAGE}")
    return count


def _text(node: exp.Expr) -> str:
    return node.sql(dialect="redshift")
