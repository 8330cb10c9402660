"""Values that YAML has no form for: durations, times, functions that are imported, outputs of steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from typed_assets.spec.errors import nearest
from typed_assets.spec.pipelines import Output
from typed_assets.yaml.documents import Path
from typed_assets.yaml.durations import FORM, duration
from typed_assets.yaml.operator_arguments import CALLABLE, DURATION, TIME, Argument
from typed_assets.yaml.problems import Problem, shown

IMPORT = "$import"
_TEXTUAL = ("string", "any")


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that is imported when the DAG is made: a function for `python_callable`, a class, a constant."""

    module: str
    name: str


class ValueFaultError(Exception):
    """A marked value that is none, with its path."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem[1])


def converted(value: Any, argument: Argument | None, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as the operator gets it.

    Args:
        value: as it stands in the file.
        argument: what the operator takes there, where that is known: text becomes a duration, a time or a
            function where text is not allowed.
        path: where it stands.

    Raises:
        ValueFaultError: a marked value is none.
    """
    if isinstance(value, str):
        return _of_text(value, argument.kinds) if argument is not None else value
    if isinstance(value, dict):
        marked = next((key for key in value if key.startswith("$")), None)
        if marked is not None:
            return _marked(value, marked, path)
        return {key: converted(each, None, (*path, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [converted(each, None, (*path, number)) for number, each in enumerate(value)]
    return value


def _of_text(text: str, kinds: frozenset[str]) -> Any:  # noqa: ANN401 - what the operator takes
    if not kinds.isdisjoint(_TEXTUAL) or "{{" in text:
        return text
    if DURATION in kinds and (found := duration(text)) is not None:
        return found
    if TIME in kinds:
        return _time(text)
    if CALLABLE in kinds and text.count(":") == 1:
        return _imported(text)
    return text


def _marked(value: Mapping[str, Any], marked: str, path: Path) -> Any:  # noqa: ANN401 - what the mark makes
    if marked not in _MARKS:
        message = f"there is no mark `{marked}`"
        raise ValueFaultError(((*path, marked), message, nearest(marked, [*_MARKS, "$ref"])))
    make, form = _MARKS[marked]
    given = value[marked]
    made = make(given) if isinstance(given, str) and len(value) == 1 else None
    if made is None:
        raise ValueFaultError(((*path, marked), f"`{marked}` cannot be {shown(given)}", form))
    return made


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _imported(text: str) -> Imported | None:
    module, _, name = text.partition(":")
    words = (*module.split("."), *name.split("."))
    return Imported(module, name) if all(word.isidentifier() for word in words) else None


_MARKS: Mapping[str, tuple[Callable[[str], Imported | Output | timedelta | datetime | None], str]] = {
    IMPORT: (_imported, "write `module:name`"),
    "$duration": (duration, FORM),
    "$output": (Output, "write the id of a step"),
    "$time": (_time, "write `2024-01-31T00:00:00+00:00`"),
}
