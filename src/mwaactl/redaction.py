"""Takes secrets out of text that is shown or kept: messages, tracebacks, logs.

What is known by its form is taken out of any text: keys and tokens, logins in addresses, values that are
called a password. What has no form, such as the caller's own secret key, is known by its value from the
process environment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote

from mwaactl.catalog.credentials import credentials_in

HIDDEN = "***"
_NAMED = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret(?:_?access)?_?key|secret|token|dsn|credentials?|api_?key"
    r"|private_?key)s?"
)
# `user:password@`, where the password may hold anything, and `token@`. A number after the colon is a port.
_LOGIN = re.compile(r"(?<=://)(?:[^\s/:@\"'`<>]*:(?!\d{1,5}(?:/|$))[^\s\"'`<>]*|[^\s/?#\"'`<>]+)@(?=[^\s/@])")
_ASSIGNED = re.compile(
    rf"(?P<name>\b[\w.-]*{_NAMED}[\"']?\s?=\s?[\"']?)(?P<value>[^\s\"'`,;&{{}}$<*]{{3,}})", re.IGNORECASE
)
_QUOTED = re.compile(
    rf"(?P<name>[\"'][\w.-]*{_NAMED}[\"']\s?:\s?[\"'])(?P<value>[^\"'{{}}$<*]{{3,}})", re.IGNORECASE
)
_SECRET_VARIABLE = re.compile(rf"{_NAMED}|(?:^|_)auth(?:_|$)|_pat$|(?:^|_)key$", re.IGNORECASE)
_ABOUT_A_SECRET = re.compile(
    r"_(?:file|path|sock|dir|ur[il]|id|name|arn|endpoint|type|backend|class)$", re.IGNORECASE
)
# Where a process stands, not a password.
_WORKING_FOLDERS = frozenset({"PWD", "OLDPWD"})
_LOGIN_IN_VARIABLE = re.compile(r"://(?P<login>[^\s/?#]+)@")
_SHORTEST = 8
_LONGEST_WORD = 16


@dataclass(frozen=True, slots=True)
class Redactor:
    """Hides secrets.

    Attributes:
        values: Texts that are never shown, the longest first.
    """

    values: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Returns what hides the secrets of a process environment as well.

        Args:
            environ: Variables whose names speak of secrets count, and logins in addresses whatever the name.
        """
        found: set[str] = set()
        for name, value in environ.items():
            if _speaks_of_a_secret(name):
                # One that was pasted ends in a line break, and an exception shows that as Python writes it.
                found |= {value, value.strip(), value.strip().encode("unicode_escape").decode()}
            for login in _LOGIN_IN_VARIABLE.findall(value):
                password = login.partition(":")[2]
                found |= {login, password, unquote(password)}
        # A short value, or a word such as `anonymous`, stands in texts that have nothing to do with it.
        kept = (value for value in found if len(value) >= (_LONGEST_WORD if value.isalpha() else _SHORTEST))
        return cls(tuple(sorted(kept, key=lambda value: (-len(value), value))))

    def text(self, text: str) -> str:
        """Returns a text without its secrets."""
        for value in self.values:
            text = text.replace(value, HIDDEN)
        text = _without_credentials(text)
        if "://" in text:
            text = _LOGIN.sub(f"{HIDDEN}@", text)
        if "=" in text:
            text = _ASSIGNED.sub(rf"\g<name>{HIDDEN}", text)
        return _QUOTED.sub(rf"\g<name>{HIDDEN}", text) if ":" in text else text

    def data(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        """Returns a JSON value whose texts are without secrets; what is called a secret is hidden whole."""
        match value:
            case str():
                return self.text(value)
            case Mapping():
                return {name: self._member(name, inner) for name, inner in value.items()}
            case list() | tuple():
                return [self.data(inner) for inner in value]
            case _:
                return value

    def _member(self, name: object, value: object) -> object:
        named = isinstance(value, str) and re.fullmatch(rf"[\w.-]*{_NAMED}", str(name), re.IGNORECASE)
        return HIDDEN if named and value else self.data(value)


def redacted(text: str) -> str:
    """Returns a text without the secrets that are known by their form."""
    return Redactor().text(text)


def _speaks_of_a_secret(name: str) -> bool:
    if name in _WORKING_FOLDERS or _ABOUT_A_SECRET.search(name):
        return False
    return _SECRET_VARIABLE.search(name) is not None


def _without_credentials(text: str) -> str:
    content = text.encode(errors="surrogatepass")
    kept, begin = [], 0
    for found in sorted(credentials_in(content), key=lambda found: (found.begin, -found.end)):
        if found.begin >= begin:
            kept += [content[begin : found.begin], HIDDEN.encode()]
            begin = found.end
    if not kept:
        return text
    return b"".join((*kept, content[begin:])).decode(errors="surrogatepass")
