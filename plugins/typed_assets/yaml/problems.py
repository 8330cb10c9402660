"""pydantic's errors in sentences for authors: what is wrong, and the nearest right key or value."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from typed_assets.spec.errors import nearest
from typed_assets.yaml.documents import Path
from typed_assets.yaml.scalars import OLD_BOOLEANS

_LONGEST = 40
_TYPES: Mapping[str, str] = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "int_parsing": "a whole number",
    "float_parsing": "a number",
}


type Problem = tuple[Path, str, str | None]
"""Path of keys, message and hint."""


def problems(error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
    """Yield each mistake once, with its path in the file."""
    for found in error.errors(include_url=False, include_context=True):
        path = found["loc"]
        kind, given = found["type"], found["input"]
        if kind == "extra_forbidden":
            key = str(path[-1])
            yield path, f"there is no key `{key}` here", nearest(key, keys_at(model, path[:-1]))
        elif kind == "missing":
            yield path[:-1], f"the key `{path[-1]}` is missing", None
        else:
            yield path, *_of_value(kind, given, found)


def _of_value(kind: str, given: Any, found: Mapping[str, Any]) -> tuple[str, str | None]:  # noqa: ANN401 - any
    if kind == "literal_error":
        choices = [
            each.strip("'") for each in str(found["ctx"]["expected"]).replace(" or ", ", ").split(", ")
        ]
        listed = ", ".join(f"`{choice}`" for choice in choices)
        hint = nearest(given, choices) if isinstance(given, str) else None
        return f"`{given}` is none of {listed}", hint
    if kind == "value_error":
        message, _, hint = str(found["ctx"]["error"]).partition("; ")
        return f"{message}, not {shown(given)}", hint or None
    if kind in _TYPES:
        return f"must be {_TYPES[kind]}, not {shown(given)}", old_boolean(
            given
        ) if kind == "bool_type" else None
    message = str(found["msg"])
    return f"{message[:1].lower()}{message[1:]}, not {shown(given)}", None


def shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as a message shows it."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if len(str(value)) <= _LONGEST else f"{str(value)[:_LONGEST]}..."
    return f"the text `{text}`" if isinstance(value, str) else f"`{text}`"


def old_boolean(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the hint for a word that was a boolean in YAML 1.1."""
    if isinstance(value, str) and value.lower() in OLD_BOOLEANS:
        return f"`{value}` is text in YAML 1.2; write `{str(OLD_BOOLEANS[value.lower()]).lower()}`"
    return None


def keys_at(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand where a path leads."""
    found: Any = model
    for part in path:
        if isinstance(part, int) or not (isinstance(found, type) and issubclass(found, BaseModel)):
            continue
        inner = found.model_fields.get(part)
        found = found if inner is None else _model_in(inner.annotation) or found
    return [field.alias or name for name, field in found.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in getattr(annotation, "__args__", ()) if (found := _model_in(each))), None)
