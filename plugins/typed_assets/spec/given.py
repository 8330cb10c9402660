"""Values as authors give them in Python, where nothing else looks at their types before a task runs."""

from enum import StrEnum
from typing import Any

from typed_assets.spec.errors import SpecError, nearest


def member[Words: StrEnum](of: Any, name: str, words: type[Words]) -> None:  # noqa: ANN401 - a frozen value
    """Let an attribute of a frozen value be a member of an enumeration where it is the word for one.

    A plain `"block"` would be equal to the member and still not be it.

    Args:
        of: the value.
        name: of its attribute.
        words: the enumeration.

    Raises:
        SpecError: it is no such word.
    """
    given = getattr(of, name)
    if type(given) is words:
        return
    if given not in list(words):
        listed = ", ".join(f"`{word}`" for word in words)
        message = f"`{name}` is one of {listed}, and not `{given}`"
        raise SpecError(message, hint=nearest(str(given), words))
    object.__setattr__(of, name, words(given))


def instance(value: object, kind: type | tuple[type, ...], what: str, hint: str) -> None:
    """Refuse a value of another type.

    Args:
        value: as it was given.
        kind: what it must be.
        what: how messages call it.
        hint: what to write instead.

    Raises:
        SpecError: it is of another type.
    """
    if not isinstance(value, kind):
        message = f"{what} cannot be `{value}`, which is of the type {type(value).__name__}"
        raise SpecError(message, hint=hint)
