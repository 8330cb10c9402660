"""TO_CHAR of dates: a pattern as pieces of text, each an expression of DuckDB.

https://docs.aws.amazon.com/redshift/latest/dg/r_FORMAT_strings.html
"""

from __future__ import annotations

import re

from sqlglot import exp, parse_one

from mwaactl.emulator.warehouse.columns import literal
from mwaactl.emulator.warehouse.faults import Refused

# What strftime writes in the same way; the others are expressions of {0}, the date.
_PLAIN = {
    "YYYY": "%Y", "YY": "%y", "IYYY": "%G", "MM": "%m", "DDD": "%j", "DD": "%d", "ID": "%u", "IW": "%V",
    "HH24": "%H", "HH12": "%I", "HH": "%I", "MI": "%M", "SS": "%S", "MS": "%g", "US": "%f",
}  # fmt: skip
_COMPUTED = {
    "Q": "EXTRACT(QUARTER FROM {0})",
    "D": "EXTRACT(DOW FROM {0}) + 1",
    "WW": "LPAD(CAST((EXTRACT(DOY FROM {0}) - 1) // 7 + 1 AS VARCHAR), 2, '0')",
    "W": "(EXTRACT(DAY FROM {0}) - 1) // 7 + 1",
}
_NAMES = {"MONTH": "%B", "MON": "%b", "DAY": "%A", "DY": "%a", "AM": "%p", "PM": "%p"}
_PADDED = {"MONTH", "DAY"}  # to nine characters
_KNOWN = sorted([*_PLAIN, *_COMPUTED, *_NAMES], key=len, reverse=True)
_UNKNOWN = "IDDD|SSSSS?|Y,YYY"  # which would read as several known ones
_PIECE = re.compile(rf'(FM)?(?!{_UNKNOWN})({"|".join(_KNOWN)})|"([^"]*)"|([^"])', re.IGNORECASE)


def date_text(node: exp.Anonymous) -> exp.Expr:
    """Return DuckDB's expression of a TO_CHAR.

    Raises:
        Refused: If the pattern is computed, is one of numbers, or holds what is not modelled.
    """
    value, pattern = (*node.expressions, None, None)[:2]
    if not isinstance(pattern, exp.Literal) or not pattern.is_string or value is None:
        msg = "TO_CHAR with a computed pattern"
        raise Refused(msg, "write the pattern as a literal")
    text = value.sql(dialect="duckdb")
    pieces = [_piece(found, text) for found in _PIECE.finditer(pattern.name)]
    return exp.Paren(this=parse_one(" || ".join(pieces or ["''"]), read="duckdb"))


def _piece(found: re.Match[str], value: str) -> str:
    bare, word, quoted, other = found.groups()
    if word is None:
        if other and (other.isalnum() or ord(other) > 127):  # noqa: PLR2004 - beyond ASCII
            msg = "a pattern of TO_CHAR beyond dates"
            raise Refused(msg, f"known are {', '.join(sorted(_KNOWN))} and text in double quotes")
        return literal(other or quoted or "")
    key = word.upper()
    if key in _NAMES:
        name = _cased(word, f"STRFTIME({value}, '{_NAMES[key]}')")
        return name if bare or key not in _PADDED else f"RPAD({name}, 9, ' ')"
    if key in _PLAIN:
        text = f"STRFTIME({value}, '{_PLAIN[key]}')"
    else:
        text = f"CAST({_COMPUTED[key].format(value)} AS VARCHAR)"
    return f"CAST(CAST({text} AS INTEGER) AS VARCHAR)" if bare else text


def _cased(word: str, name: str) -> str:
    if word.islower():
        return f"LOWER({name})"
    return f"UPPER({name})" if word.isupper() else name
