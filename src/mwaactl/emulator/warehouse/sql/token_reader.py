"""Statements that sqlglot does not read, token by token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import TokenType

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.statement_text import tokens_of

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token


class TokenReader:
    """Reads one statement's tokens in order; every step fails where the text does not fit.

    Args:
        sql: The statement.
    """

    def __init__(self, sql: str) -> None:
        self._tokens = tokens_of(sql)
        self._at = 0

    @property
    def word(self) -> str:
        """The next token in upper case; empty at the end."""
        return self._tokens[self._at].text.upper() if self._at < len(self._tokens) else ""

    def take(self) -> Token:
        """Return the next token and step over it."""
        if self._at >= len(self._tokens):
            message = "ERROR: syntax error at end of input"
            raise StatementFailed(message)
        self._at += 1
        return self._tokens[self._at - 1]

    def skip(self, *words: str) -> bool:
        """Step over the next token if it is one of these words; returns whether it was."""
        if self.word in words:
            self._at += 1
            return True
        return False

    def expect(self, word: str) -> None:
        """Step over this word."""
        if not self.skip(word):
            message = f'ERROR: syntax error at or near "{self.word}": expected {word}'
            raise StatementFailed(message)

    def string(self, what: str) -> str:
        """Return the string literal that follows `what`, with or without AS."""
        self.skip("AS")
        token = self.take()
        if token.token_type is not TokenType.STRING:
            message = f'ERROR: syntax error at or near "{token.text}": {what} takes a string'
            raise StatementFailed(message)
        return token.text

    def at_string(self) -> bool:
        """Whether a string literal comes next, with or without AS."""
        offset = 1 if self.word == "AS" else 0
        index = self._at + offset
        return index < len(self._tokens) and self._tokens[index].token_type is TokenType.STRING

    def words(self, *words: str) -> bool:
        """Step over a phrase if it comes next as a whole; returns whether it did."""
        ahead = [token.text.upper() for token in self._tokens[self._at : self._at + len(words)]]
        if ahead != list(words):
            return False
        self._at += len(words)
        return True

    def phrase(self, *words: str) -> None:
        """Step over words that must come."""
        for word in words:
            self.expect(word)

    def name(self) -> tuple[str, str]:
        """Return the schema (empty if it is not named) and the name of a relation, in lower case."""
        parts = [self.take().text.lower()]
        while self.skip("."):
            parts.append(self.take().text.lower())
        return (parts[-2] if len(parts) > 1 else "", parts[-1])

    def pairs(self) -> list[tuple[str, str]]:
        """Return what stands in parentheses as name = value, in order."""
        found = []
        self.expect("(")
        while not self.skip(")"):
            name = self.take().text
            self.expect("=")
            found.append((name, self.take().text))
            self.skip(",")
        return found

    def end(self) -> None:
        """Fail if anything is left."""
        if self.word:
            message = f'ERROR: syntax error at or near "{self.word.lower()}"'
            raise StatementFailed(message)
