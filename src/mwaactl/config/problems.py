"""Turns what pydantic found into sentences that name the key and the nearest right one."""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mwaactl.config.schema import Alarms, Budget, LogLevels, Network, ProjectFile, Settings, Vpc
from mwaactl.errors import ConfigProblem

_TABLES: Mapping[str, type[BaseModel]] = {
    "alarms": Alarms,
    "budget": Budget,
    "log_levels": LogLevels,
    "network": Network,
    "vpc": Vpc,
}
_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "greater_than": "more than 0",
    "too_long": "a list of ten or fewer",
    "dict_type": "a table",
    "model_type": "a table",
    "tuple_type": "a list",
    "greater_than_equal": "1 or more",
    "too_short": "a table with one environment or more",
}


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Suggests the candidate that a misspelt word probably meant, or lists a handful of them."""
    known = list(candidates)
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"one of {', '.join(f'`{name}`' for name in known)}" if known else None


def key_path(location: Iterable[str | int]) -> str:
    """Joins the parts of a location to a path such as `environments.prod.airflow_version`."""
    return ".".join(_visible(str(part)) for part in location if part != "[key]")


def problems_of(error: ValidationError) -> tuple[ConfigProblem, ...]:
    """Returns one problem per thing that pydantic complains about, in the file's order of models."""
    return tuple(_problem(details) for details in error.errors(include_url=False))


def _problem(details: ErrorDetails) -> ConfigProblem:
    key, given = key_path(details["loc"]), details["input"]
    match details["type"]:
        case "extra_forbidden":
            word = str(details["loc"][-1])
            hint = nearest(word, _keys_at(details["loc"][:-1]))
            return ConfigProblem(key, "is not a key of the configuration", hint, "config.unknown-key")
        case "missing":
            return ConfigProblem(key, "is missing", code="config.missing")
        case "literal_error":
            choices = re.findall(r"'([^']+)'", details["ctx"]["expected"])
            shown = _visible(str(given))
            return ConfigProblem(key, f"is `{shown}`, which is not a choice", nearest(str(given), choices))
        case "value_error":
            return ConfigProblem(key, _visible(str(details["ctx"]["error"])))
        case kind if "airflow_config_options" in details["loc"]:
            # Never shown: it may be a password.
            return ConfigProblem(key, f"must be {_EXPECTED.get(kind, 'text in quotes')}")
        case kind:
            return ConfigProblem(key, _complaint(kind, given, details["msg"]))


def _complaint(kind: str, given: object, otherwise: str) -> str:
    if kind in _EXPECTED:
        return f"is `{json.dumps(given, default=str)}`, but must be {_EXPECTED[kind]}"
    return otherwise[0].lower() + otherwise[1:]


def _visible(text: str) -> str:
    """A line break would look like the end of the message, and an escape sequence steers the terminal."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _keys_at(location: tuple[str | int, ...]) -> Iterable[str]:
    match location:
        case ():
            return ProjectFile.model_fields
        case ("defaults",) | ("environments", _):
            return Settings.model_fields
        case (*_, str(table)) if table in _TABLES:
            return _TABLES[table].model_fields
        case _:
            return ()
