"""Where a value stands in the parameters of a call, and the templates that are made of such values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_KEYS = re.compile(r"keys\((.+)\)")


def values_at(place: str, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values at a place, () if there are none.

    Args:
        place: `A.B`, `A[].B` for each element, `keys(A)` for a map's keys, `'text'` itself, and `A || B` for
            the first that exists.
        parameters: The parameters.
    """
    if place.isidentifier():  # most are
        value = parameters.get(place)
        if not isinstance(value, list):
            return () if value in (None, "") else (value,)
    for alternative in place.split(" || "):
        if found := tuple(value for value in _at(alternative.strip(), parameters) if value not in (None, "")):
            return found
    return ()


def text_at(place: str, parameters: Mapping[str, Any]) -> str | None:
    """Return the first value at a place as text, or None."""
    found = values_at(place, parameters)
    return str(found[0]) if found else None


def fill(template: str, value_of: Callable[[str], str | None]) -> str | None:
    """Return the template with its `{…}` replaced; None if one has no value, unless it ends in `?`.

    Args:
        template: The template.
        value_of: Returns what stands for a placeholder.
    """
    lacking = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal lacking
        place = match[1].removesuffix("?")
        value = value_of(place)
        lacking = lacking or (value is None and not match[1].endswith("?"))
        return value or ""

    filled = _PLACEHOLDER.sub(replaced, template)
    return None if lacking else filled


def _at(place: str, parameters: Mapping[str, Any]) -> list[Any]:
    if place.startswith("'"):
        return [place.strip("'")]
    if wanted := _KEYS.fullmatch(place):
        return [key for found in _at(wanted[1], parameters) if isinstance(found, dict) for key in found]
    found: list[Any] = [parameters]
    for step in place.split("."):
        name = step.removesuffix("[]")
        found = [each[name] for each in found if isinstance(each, dict) and name in each]
        if step.endswith("[]") or step == place.rpartition(".")[2]:
            found = [each for one in found for each in (one if isinstance(one, list) else [one])]
    return found
