"""Cuts a shell script into words and operators: what is quoted, a comment or a here-document is no command.

Follows "Token Recognition" of POSIX as far as is needed to tell commands apart
(https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_03). A script that bash
cannot parse gives some words or other; `startup_syntax` reports it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLANK = re.compile(r"(?:[ \t]|\\\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_OPERATOR = re.compile(r"&&|\|\||;;&?|;&|\|&|[;&|()\n]")
_REDIRECTION = re.compile(r"(?:\d+|\{\w+\}|&)?(?:<<-|<<<|<<|<>|<&|<|>>|>\||>&|>)")
_SUBSTITUTION = re.compile(r"[<>]\(")
_PLAIN = re.compile(r"[^\s\\'\"`$;&|()<>]+")
_CLOSING = {"(": ")", "{": "}"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command.

    Attributes:
        text: Without quotes; what the shell puts in for `$…` or a command stands there as it is written.
        line: Where it begins, from 1.
        is_literal: Whether the shell takes it as it is.
        is_quoted: Whether a part of it stood in quotes, so that it is no keyword.
    """

    text: str
    line: int
    is_literal: bool = True
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """What stands between commands: a newline, `;`, `&&`, a parenthesis."""

    text: str


@dataclass(slots=True)
class ShellWords:
    """Reads one script.

    Attributes:
        script: The text.
        at: Offset that is read next.
        pending: Ends of here-documents that begin after the next newline, and whether tabs before them count.
    """

    script: str
    at: int = 0
    pending: list[tuple[str, bool]] = field(default_factory=list)
    _newlines: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._newlines = [match.start() for match in re.finditer("\n", self.script)]

    def __iter__(self) -> Iterator[Word | Operator]:
        """Gives words and operators in order; redirections and their targets are left out."""
        while self.at < len(self.script):
            if self._passed(_BLANK) or self._passed(_COMMENT):
                continue
            if not _SUBSTITUTION.match(self.script, self.at) and (sign := self._taken(_REDIRECTION)):
                self._redirect(sign)
            elif operator := self._taken(_OPERATOR):
                if operator == "\n":
                    self._skip_documents()
                yield Operator(operator)
            else:
                yield self._word()

    def _passed(self, pattern: re.Pattern[str]) -> bool:
        return bool(self._taken(pattern))

    def _taken(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.script, self.at)
        self.at = match.end() if match else self.at
        return match[0] if match else ""

    def _redirect(self, sign: str) -> None:
        self._passed(_BLANK)
        if self.at < len(self.script) and not _OPERATOR.match(self.script, self.at):
            target = self._word()
            if sign.endswith(("<<", "<<-")) and not sign.endswith("<<<"):
                self.pending.append((target.text, sign.endswith("-")))

    def _skip_documents(self) -> None:
        for end, indented in self.pending:
            tabs = r"\t*" if indented else ""
            close = re.compile(rf"^{tabs}{re.escape(end)}$", re.MULTILINE).search(self.script, self.at)
            self.at = min(close.end() + 1, len(self.script)) if close else len(self.script)
        self.pending.clear()

    def _word(self) -> Word:
        line = bisect_left(self._newlines, self.at) + 1
        parts: list[str] = []
        literal, quoted = True, False
        while self.at < len(self.script):
            match self.script[self.at]:
                case "\\":
                    parts.append(self.script[self.at + 1 : self.at + 2].replace("\n", ""))
                    self.at += 2
                    quoted = True
                case "'":
                    parts.append(self._until("'"))
                    quoted = True
                case '"':
                    text = self._double_quoted()
                    parts.append(text)
                    literal, quoted = literal and not re.search(r"[$`]", text), True
                case "$" | "`":
                    parts.append(self._expansion())
                    literal = False
                case "<" | ">" if _SUBSTITUTION.match(self.script, self.at):
                    self.at += 1
                    parts.append(self._nested("("))
                    literal = False
                case _:
                    if not (plain := self._taken(_PLAIN)):
                        break
                    parts.append(plain)
        if not parts and not quoted:  # a character that begins nothing
            self.at += 1
        return Word("".join(parts), line, literal, quoted)

    def _until(self, quote: str) -> str:
        end = self.script.find(quote, self.at + 1)
        text = self.script[self.at + 1 : end if end >= 0 else len(self.script)]
        self.at = end + 1 if end >= 0 else len(self.script)
        return text

    def _double_quoted(self) -> str:
        parts: list[str] = []
        self.at += 1
        while self.at < len(self.script) and self.script[self.at] != '"':
            if self.script[self.at] == "\\":
                parts.append(self.script[self.at + 1 : self.at + 2].replace("\n", ""))
                self.at += 2
            elif self.script[self.at] in "$`":
                parts.append(self._expansion())
            else:
                parts.append(self.script[self.at])
                self.at += 1
        self.at += 1
        return "".join(parts)

    def _expansion(self) -> str:
        if self.script[self.at] == "`":
            return f"`{self._until('`')}`"
        self.at += 1
        opening = self.script[self.at : self.at + 1]
        if opening in _CLOSING and opening:
            return f"${self._nested(opening)}"
        if opening == "'":  # $'…' is text with escapes
            return self._until("'")
        return "$"

    def _nested(self, opening: str) -> str:
        """Takes what stands in brackets, quotes and inner brackets included."""
        begin, depth = self.at, 0
        while self.at < len(self.script):
            character = self.script[self.at]
            if character == "'":
                self._until("'")
                continue
            if character == '"':
                self._double_quoted()
                continue
            self.at += 2 if character == "\\" else 1
            depth += (character == opening) - (character == _CLOSING[opening])
            if depth == 0:
                break
        return self.script[begin : self.at]
