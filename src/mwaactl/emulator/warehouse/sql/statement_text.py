"""A statement's text as tokens: how many statements it holds, and which words it begins with."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from sqlglot import tokenize
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from mwaactl.emulator.warehouse.faults import StatementFailed

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token


BEGINS = frozenset({"begin", "start"})
COMMITS = frozenset({"commit", "end"})
ROLLBACKS = frozenset({"rollback", "abort"})


_SWALLOWING = re.compile(r"^((?:\s|--[^\n]*\n|/\*.*?\*/)*)(unload|show)\b", re.IGNORECASE | re.DOTALL)
_DISGUISES = {"unload": "UNLO_D", "show": "SH_W"}
_WRITTEN = {disguise.lower(): word for word, disguise in _DISGUISES.items()}


def tokens_of(sql: str) -> list[Token]:
    """Return the tokens of a text, without comments.

    Raises:
        StatementFailed: If it is no SQL: an open string or comment.
    """
    # sqlglot takes all that follows some words as one token, but not after unknown ones as long.
    readable = _SWALLOWING.sub(lambda found: found[1] + _DISGUISES[found[2].lower()], sql)
    try:
        return list(tokenize(readable, read="redshift"))
    except SqlglotError as error:
        message = f"ERROR: syntax error: {error}"
        raise StatementFailed(message) from error


def single_statement(sql: str) -> str:
    """Return the one statement of a text, without the semicolons after it.

    Raises:
        StatementFailed: If there is none, or more than one: the Data API runs one statement per text.
    """
    tokens = tokens_of(sql)
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        message = "ERROR: the statement is empty"
        raise StatementFailed(message)
    if any(token.token_type is TokenType.SEMICOLON for token in tokens):
        message = "ERROR: cannot insert multiple commands into a prepared statement"
        raise StatementFailed(message)
    return sql[tokens[0].start : tokens[-1].end + 1]


def leading_words(sql: str, count: int = 4) -> tuple[str, ...]:
    """Return the first words of a statement in lower case; several words in one token count singly."""
    words = [word for token in tokens_of(sql)[:count] for word in token.text.lower().split()]
    return tuple(_WRITTEN.get(word, word) for word in words[:count])


def body_after_as(sql: str) -> str:
    """Return the query of a CREATE … AS, without WITH NO SCHEMA BINDING.

    Raises:
        StatementFailed: If there is no AS.
    """
    tokens, depth = tokens_of(sql), 0
    texts = [token.text.upper() for token in tokens]
    end = tokens[-1].end + 1
    for size in range(1, 5):
        if " ".join(texts[-size:]) in {"WITH NO SCHEMA BINDING", "NO SCHEMA BINDING"}:
            end = tokens[-size].start
    for token in tokens:
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if depth == 0 and token.token_type is TokenType.ALIAS:
            return sql[token.end + 1 : end].strip()
    message = "ERROR: syntax error at end of input: expected AS"
    raise StatementFailed(message)


def is_transaction_control(sql: str) -> bool:
    """Whether a statement is BEGIN, COMMIT, ROLLBACK or a synonym."""
    return leading_words(sql, 1) in {(word,) for word in BEGINS | COMMITS | ROLLBACKS}


def resizes_column(sql: str) -> bool:
    """Whether a statement is ALTER TABLE … ALTER COLUMN … TYPE."""
    if leading_words(sql, 2) != ("alter", "table"):
        return False
    action = itertools.dropwhile(lambda token: token.token_type is not TokenType.ALTER, tokens_of(sql)[2:])
    return any(token.text.lower() == "type" for token in action)


def parameter_names(sql: str) -> set[str]:
    """Return the names that stand behind a colon: the Data API's parameters."""
    tokens = tokens_of(sql)
    pairs = itertools.pairwise(tokens)
    return {
        name.text
        for colon, name in pairs
        if colon.token_type is TokenType.COLON and name.start == colon.end + 1
    }
