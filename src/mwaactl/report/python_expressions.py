"""Values as the Python that makes them, with the imports that this needs."""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from typed_assets.spec.pipelines import Output
from typed_assets.yaml.values import Imported

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEFT_OUT = {"place"}


@dataclass(frozen=True, slots=True)
class Code:
    """An expression that is written already."""

    text: str


def identifier(text: str) -> str:
    """Return a name for a variable that is like a text."""
    name = re.sub(r"\W", "_", text)
    return f"_{name}" if not name or name[0].isdigit() or iskeyword(name) else name


@dataclass(slots=True)
class Expressions:
    """Writes expressions, and remembers what they import.

    Attributes:
        variables: Names of the variables that hold steps, by id.
        reserved: Names that nothing is imported under.
        imports: What is imported: module to name to the name that it has here.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    imports: dict[str, dict[str, str]] = field(default_factory=dict)

    def imported(self, module: str, name: str) -> str:
        """Return the name of something that is imported; of two that are called alike one is renamed."""
        known = self.imports.setdefault(module, {})
        if name not in known:
            taken = {alias for names in self.imports.values() for alias in names.values()}
            taken |= self.reserved | set(self.variables.values())
            alias, number = name, 2
            while alias in taken:
                alias, number = f"{name}_{number}", number + 1
            known[name] = alias
        return known[name]

    def import_lines(self) -> list[str]:
        """Return the import statements; ruff puts them in order."""
        lines = []
        for module, names in self.imports.items():
            parts = (name if name == alias else f"{name} as {alias}" for name, alias in names.items())
            lines.append(f"from {module} import {', '.join(parts)}")
        return lines

    def call(self, function: str, arguments: Mapping[str, Any], first: str = "") -> str:
        """Return a call with keywords, and one argument before them."""
        given = [first] if first else []
        given += [f"{name}={self.of(value)}" for name, value in arguments.items()]
        return f"{function}({', '.join(given)})"

    def of(self, value: Any) -> str:  # noqa: ANN401 - whatever a pipeline holds
        """Return the expression of a value.

        Raises:
            TypeError: There is none for its type.
        """
        match value:
            case None | bool() | int() | float():
                return repr(value)
            case Code(text):
                return text
            case str() if not isinstance(value, Enum):
                return text_expression(value)
            case dict() | list() | tuple():
                return self._of_many(value)
            case date() | timedelta():
                return self._of_time(value)
            case _:
                return self._of_name(value)

    def _of_many(self, value: dict[Any, Any] | list[Any] | tuple[Any, ...]) -> str:
        if isinstance(value, dict):
            pairs = (f"{self.of(key)}: {self.of(each)}" for key, each in value.items())
            return f"{{{', '.join(pairs)}}}"
        parts = [self.of(each) for each in value]
        if isinstance(value, list):
            return f"[{', '.join(parts)}]"
        return f"({''.join(f'{part}, ' for part in parts)})"

    def _of_name(self, value: Any) -> str:  # noqa: ANN401 - whatever a pipeline holds
        match value:
            case Enum():
                return f"{self.imported(type(value).__module__, type(value).__name__)}.{value.name}"
            case Imported(module, name):
                first, _, rest = name.partition(".")
                return self.imported(module, first) + (f".{rest}" if rest else "")
            case Output(step) if step in self.variables:
                return f"{self.variables[step]}.output"
            case _:
                return self._value(value)

    def _of_time(self, value: date | timedelta) -> str:
        if isinstance(value, timedelta):
            return self._duration(value)
        if isinstance(value, datetime):
            parts = ", ".join(str(part) for part in _date_parts(value))
            zone, name = self.imported("datetime", "UTC"), self.imported("datetime", "datetime")
            return f"{name}({parts}, tzinfo={zone})"
        return f"{self.imported('datetime', 'date')}({value.year}, {value.month}, {value.day})"

    def _duration(self, value: timedelta) -> str:
        name = self.imported("datetime", "timedelta")
        seconds = value.total_seconds()
        for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if seconds and seconds % size == 0:
                return f"{name}({unit}={int(seconds // size)})"
        return f"{name}(seconds={int(seconds) if seconds.is_integer() else seconds})"

    def _value(self, value: Any) -> str:  # noqa: ANN401 - a value of `spec`
        if not is_dataclass(value) or isinstance(value, type):
            message = f"there is no expression for a {type(value).__name__}"
            raise TypeError(message)
        return self.value(value, {each.name: getattr(value, each.name) for each in fields(value)})

    def value(self, like: Any, given: Mapping[str, Any]) -> str:  # noqa: ANN401 - a value of `spec`
        """Return the expression of a value of a class, with what differs from its defaults.

        Args:
            like: A value of the class.
            given: By name of the field.
        """
        different = {
            each.name: given[each.name]
            for each in fields(like)
            if each.init and each.name not in _LEFT_OUT and given[each.name] != _default(each)
        }
        return self.call(self.imported(type(like).__module__, type(like).__name__), different)


def _default(each: Any) -> Any:  # noqa: ANN401 - a dataclass's field and its default
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _date_parts(value: datetime) -> list[int]:
    utc = value.astimezone(UTC)
    parts = [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second]
    while len(parts) > 3 and parts[-1] == 0:  # noqa: PLR2004 - year, month and day stay
        parts.pop()
    return parts


def text_expression(text: str) -> str:
    """Return a text in quotes: over several lines where it has several, and nothing in it needs an escape."""
    plain = '"""' not in text and "\\" not in text and not text.endswith('"')
    if "\n" in text.strip("\n") and plain and all(part.isprintable() for part in text.split("\n")):
        return f'"""{text}"""'
    return repr(text)
