"""What stands in a template, as far as it can be known before CloudFormation sees it.

A parameter or an attribute is not known: readers answer None then, and rules say nothing about it.
"""

import re
from collections.abc import Mapping
from typing import Any

_PSEUDO = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
_PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


def is_absent(value: object) -> bool:
    """Says whether a property is not given at all."""
    return value is None or value == {"Ref": "AWS::NoValue"}


def text(value: object) -> str | None:
    """Returns a text, put together where all its parts are known; None where it is not."""
    match value:
        case str():
            return str(value)
        case {"Ref": str(name)}:
            return _PSEUDO.get(name)
        case {"Fn::Join": [str(separator), list(parts)]}:
            known = [text(part) for part in parts]
            return None if None in known else separator.join(part for part in known if part is not None)
        case {"Fn::Sub": str(pattern)}:
            filled = _PLACEHOLDER.sub(lambda match: _PSEUDO.get(match[1], match[0]), pattern)
            return None if _PLACEHOLDER.search(filled) else filled
        case _:
            return None


def number(value: object) -> int | None:
    """Returns a whole number, which templates may write as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value)
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value) else None


def switch(value: object) -> bool | None:
    """Returns a truth value, which templates may write as text."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def as_list(value: object) -> list[Any]:
    """Returns what may stand alone or in a list as a list; nothing is an empty one."""
    if is_absent(value):
        return []
    return list(value) if isinstance(value, list) else [value]


def as_mapping(value: object) -> Mapping[str, Any]:
    """Returns a mapping as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def is_intrinsic(value: object) -> bool:
    """Says whether CloudFormation computes the value: `Ref`, `Fn::…` or a condition."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    (name,) = value
    return name in {"Ref", "Condition"} or str(name).startswith("Fn::")
