"""What the arguments of an operator are, and what is wrong with those that an author gave.

The same values come from two sources: from the class itself where Airflow is (`signatures`), and from the
toolkit's catalogue where it is not. So both find the same mistakes in the same words.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from typed_assets.spec.errors import SpecError, nearest
from typed_assets.yaml.durations import is_duration
from typed_assets.yaml.problems import old_boolean, shown
from typed_assets.yaml.task_words import WORDS, is_no_word

ANY = "any"
CALLABLE, DURATION, TIME = "callable", "duration", "time"
_JSON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list, tuple),
    "object": (dict,),
}
_WORDS = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a mapping",
    DURATION: "a duration such as `15m`",
    TIME: "a time such as `2024-01-31T00:00:00+00:00`",
    CALLABLE: "a function as `module:name`",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operator.

    Attributes:
        kinds: what it takes: JSON Schema's names of types, `duration`, `time`, `callable`, or `any`.
        required: whether there is no default.
        choices: the only values, where the signature lists them.
    """

    kinds: frozenset[str] = frozenset({ANY})
    required: bool = False
    choices: tuple[Any, ...] = ()
    types: frozenset[type] = field(init=False, compare=False, repr=False)
    """Whatever is of one of these is right."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", frozenset() if self.choices else _types_of(self.kinds))


@cache
def _types_of(kinds: frozenset[str]) -> frozenset[type]:
    given = _JSON if ANY in kinds else kinds
    types = frozenset(each for kind in given for each in _JSON.get(kind, ()))
    return types | {bool} if "number" in given else types  # see `_is`


@dataclass(frozen=True, slots=True)
class OperatorArguments:
    """All arguments of an operator, with those of its bases; without `task_id`.

    Attributes:
        open: whether it takes arguments of any name.
    """

    operator: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    open: bool = False
    required: tuple[str, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        required = tuple(name for name, argument in self.arguments.items() if argument.required)
        object.__setattr__(self, "required", required)


class Operators(Protocol):
    """Knows operators."""

    def arguments_of(self, operator: str) -> OperatorArguments | None:
        """Return an operator's arguments, or None where they cannot be known here.

        Raises:
            SpecError: there is no such operator.
        """
        ...


class UnknownOperators:
    """Knows none: for reading files where operators do not matter."""

    def arguments_of(self, operator: str) -> OperatorArguments | None:  # noqa: ARG002 - the protocol's
        """Return None."""
        return None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an argument; `name` is None where it is missing."""

    name: str | None
    message: str
    hint: str | None = None


def no_operator(operator: str, classes: Iterable[str], modules: Iterable[str]) -> SpecError:
    """Return the mistake that there is no such operator.

    Args:
        operator: `module.Class`, as the author wrote it.
        classes: the operators of its module; empty where there is no such module.
        modules: modules beside it.
    """
    module, _, name = operator.rpartition(".")
    if not module:
        return SpecError(f"`{operator}` names no operator", hint="write `module.Class`")
    hint = nearest(name, classes) or nearest(module, modules)
    return SpecError(f"there is no operator `{operator}`", hint=hint)


def faults(
    known: OperatorArguments,
    given: Mapping[str, Any],
    expand: Mapping[str, Any],
    defaults: Mapping[str, Any],
    unrendered: Container[str] = (),
) -> Iterator[Fault]:
    """Say what is wrong with the arguments that were given.

    Args:
        known: what the operator takes.
        given: by name.
        expand: by name, with a list or mapping for each.
        defaults: the pipeline's default arguments, which may stand in for a required one.
        unrendered: arguments in which Airflow renders no template.
    """
    short = known.operator.rpartition(".")[2]
    for name in (*given, *expand):
        argument = known.arguments.get(name)
        if argument is None:
            if not known.open:
                yield Fault(name, f"`{short}` has no argument `{name}`", nearest(name, known.arguments))
        elif name in given and not accepts(argument, given[name], rendered=name not in unrendered):
            yield _wrong(short, name, argument, given[name])
        elif name in unrendered and is_no_word(name, given.get(name)):
            words = ", ".join(f"`{word}`" for word in WORDS[name])
            message = f"argument `{name}` of `{short}` must be one of {words}, not {shown(given[name])}"
            yield Fault(name, message, nearest(given[name], WORDS[name]))
    for name in known.required:
        if name not in given and name not in expand and name not in defaults:
            yield Fault(None, f"`{short}` needs the argument `{name}`")


def faults_of_defaults(
    operators: Operators, by_operator: Mapping[str, Mapping[str, Any]], used: Iterable[str]
) -> Iterator[tuple[str, Fault]]:
    """Say what is wrong with arguments for operators that no step has: others are judged with their steps.

    Args:
        operators: knows operators.
        by_operator: arguments by operator.
        used: operators of steps.

    Yields:
        The operator, and what is wrong; a fault without a name is about the operator itself.
    """
    for operator in sorted(by_operator.keys() - set(used)):
        try:
            known = operators.arguments_of(operator)
        except SpecError as error:
            yield operator, Fault(None, error.message, error.hint)
            continue
        given = by_operator[operator]
        yield from ((operator, each) for each in faults(known, given, {}, {}) if each.name) if known else ()


def _wrong(short: str, name: str, argument: Argument, value: Any) -> Fault:  # noqa: ANN401 - any JSON value
    message = f"argument `{name}` of `{short}` must be {_wanted(argument)}, not {shown(value)}"
    template = "Airflow renders no template here" if isinstance(value, str) and "{{" in value else None
    return Fault(name, message, template or old_boolean(value) or _quoted(argument, value))


def accepts(argument: Argument, value: Any, *, rendered: bool = True) -> bool:  # noqa: ANN401 - any JSON value
    """Say whether a value may be right: templates and marked values are not judged."""
    if type(value) in argument.types or (ANY in argument.kinds and not argument.choices):
        return True
    if rendered and isinstance(value, str) and ("{{" in value or "{%" in value):
        return True
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$"):
        return True
    if value is None:
        return True  # many signatures say `str` and have None for a default
    if argument.choices and not isinstance(value, (list, dict)):
        return value in argument.choices or bool(argument.kinds - {"null"})
    return any(_is(kind, value) for kind in argument.kinds)


def _is(kind: str, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    if kind == DURATION:
        return is_duration(value)
    if kind == TIME:
        return isinstance(value, str) and _is_time(value)
    if kind == CALLABLE:
        return isinstance(value, str) and value.count(":") == 1
    if isinstance(value, bool):
        return kind in {"boolean", "number"}  # Airflow 3.2 has made `retry_exponential_backoff` a number
    return isinstance(value, _JSON.get(kind, ()))


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _wanted(argument: Argument) -> str:
    if argument.choices:
        return "one of " + ", ".join(f"`{choice}`" for choice in argument.choices)
    words = [_WORDS[kind] for kind in _WORDS if kind in argument.kinds and kind != "null"]
    return " or ".join(words) or "left out"


def _quoted(argument: Argument, value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f'write `"{value}"`' if number and "string" in argument.kinds else None
