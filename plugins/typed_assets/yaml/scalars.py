"""What a plain word of YAML means: the core schema of YAML 1.2, in which `on` and `no` are text.

Airflow's other tools read YAML 1.1, where `on: push` has the key True and `012` is ten. What the two versions
read differently as a number is refused, because one of its readers would be surprised.
See yaml.org/spec/1.2.2/#103-core-schema.
"""

import re
from math import isfinite
from typing import Any

NULL = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
OLD_BOOLEANS = {"yes": True, "on": True, "y": True, "no": False, "off": False, "n": False}
"""Words that were booleans in YAML 1.1; here they are text."""
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")
_OCTAL_OR_NOT = re.compile(r"[-+]?0[0-9]+")
_NOT_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NUMERIC = frozenset("-+.0123456789")
_LONGEST_NUMBER = 300


class UnclearScalarError(ValueError):
    """A word whose meaning depends on the reader.

    Attributes:
        message: what is wrong, and `hint`, what to write instead.
    """

    def __init__(self, message: str, hint: str) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def plain(word: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what an unquoted word stands for.

    Raises:
        UnclearScalarError: YAML 1.1 and 1.2 read it as different numbers, or it is no finite number.
    """
    if word in NULL:
        return None
    if word[0] in _NUMERIC:
        return _number(word)
    return BOOLEANS.get(word, word)


def _number(word: str) -> str | int | float:
    if len(word) > _LONGEST_NUMBER:
        return word
    if _INTEGER.fullmatch(word):
        return int(word)
    if _FLOAT.fullmatch(word) and isfinite(float(word)):
        return float(word)
    if _BASED.fullmatch(word):
        return int(word, 0)
    if _OCTAL_OR_NOT.fullmatch(word):
        message = f"`{word}` is one number in YAML 1.1 and another in YAML 1.2"
        digits = word.lstrip("+-0") or "0"
        raise UnclearScalarError(message, f'write `"{word}"` for text or `{digits}` for the number')
    if _NOT_JSON.fullmatch(word) or _FLOAT.fullmatch(word):
        message = f"`{word}` is not a number that JSON knows"
        raise UnclearScalarError(message, f'write `"{word}"` if it is text')
    return word
