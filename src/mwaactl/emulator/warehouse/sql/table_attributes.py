"""Redshift's table attributes in CREATE TABLE: taken out of the text for DuckDB, and remembered.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.statement_text import tokens_of

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

_STYLES = {"even", "all", "key", "auto"}
_ENCODINGS = {
    "auto", "raw", "az64", "bytedict", "delta", "delta32k", "lzo", "mostly8", "mostly16", "mostly32",
    "runlength", "text255", "text32k", "zstd",
}  # fmt: skip


@dataclass(slots=True)
class TableAttributes:
    """What Redshift would do with the table's rows; nothing here changes what a query returns."""

    dist_style: str | None = None
    dist_key: str | None = None
    sort_keys: list[str] = field(default_factory=list)
    interleaved: bool = False
    encodings: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Walks the tokens once; `cuts` are the spans to take out of the text."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokens_of(sql)
        self.at = 0
        self.attributes = TableAttributes()
        self.cuts: list[tuple[int, int]] = []

    def word(self, offset: int = 0) -> str:
        index = self.at + offset
        return self.tokens[index].text.lower() if index < len(self.tokens) else ""

    def cut(self, count: int) -> list[str]:
        taken = self.tokens[self.at : self.at + count]
        self.cuts.append((taken[0].start, taken[-1].end + 1))
        self.at += count
        return [token.text.lower().strip('"') for token in taken]

    def cut_list(self, lead: int) -> list[str]:
        """Cut `lead` words and the parenthesised list behind them; return the list's names."""
        if self.word(lead) != "(":
            message = f'ERROR: syntax error at or near "{self.word(lead)}": expected a list of columns'
            raise StatementFailed(message)
        end = lead
        while self.word(end) not in {")", ""}:
            end += 1
        return [word for word in self.cut(end + 1)[lead + 1 : -1] if word != ","]


def take_attributes(sql: str) -> tuple[str, TableAttributes]:
    """Return a CREATE TABLE statement without Redshift's attributes, and the attributes."""
    reader = _Reader(sql)
    depth, column, expect_name = 0, "", False
    while reader.at < len(reader.tokens):
        token = reader.tokens[reader.at]
        if depth == 0 and token.token_type is TokenType.ALIAS:
            break  # CREATE TABLE … AS: what follows is the query
        if depth == 1 and expect_name:
            column, expect_name = token.text.lower(), False
        elif (depth == 0 and _table_attribute(reader)) or (depth == 1 and _column_attribute(reader, column)):
            continue
        depth, expect_name = _next_depth(token, depth, expect_name=expect_name)
        reader.at += 1
    for start, end in reversed(reader.cuts):
        sql = sql[:start] + " " + sql[end:]
    return sql, reader.attributes


def _next_depth(token: Token, depth: int, *, expect_name: bool) -> tuple[int, bool]:
    if token.token_type is TokenType.L_PAREN:
        return depth + 1, depth == 0
    if token.token_type is TokenType.R_PAREN:
        return depth - 1, False
    return depth, expect_name or (depth == 1 and token.token_type is TokenType.COMMA)


def _table_attribute(reader: _Reader) -> bool:
    attributes = reader.attributes
    match reader.word():
        case "local" if reader.word(1) in {"temp", "temporary"}:
            reader.cut(1)
        case "diststyle" if reader.word(1) in _STYLES:
            attributes.dist_style = reader.cut(2)[1]
        case "distkey":
            (attributes.dist_key,) = reader.cut_list(1)
        case "compound" | "interleaved" as kind if reader.word(1) == "sortkey":
            attributes.interleaved = kind == "interleaved"
            attributes.sort_keys = reader.cut_list(2)
        case "sortkey" if reader.word(1) == "auto":
            reader.cut(2)
        case "sortkey":
            attributes.sort_keys = reader.cut_list(1)
        case "encode" if reader.word(1) == "auto":
            reader.cut(2)
        case "backup" if reader.word(1) in {"yes", "no"}:
            reader.cut(2)
        case _:
            return False
    return True


def _column_attribute(reader: _Reader, column: str) -> bool:
    attributes = reader.attributes
    match reader.word():
        case "distkey":
            reader.cut(1)
            attributes.dist_key = column
        case "sortkey":
            reader.cut(1)
            attributes.sort_keys.append(column)
        case "encode":
            encoding = reader.cut(2)[1]
            if encoding not in _ENCODINGS:
                message = f'ERROR: invalid encoding type specified for column "{column}"'
                raise StatementFailed(message)
            attributes.encodings[column] = encoding
        case _:
            return False
    return True
