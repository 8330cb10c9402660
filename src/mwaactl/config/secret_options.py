"""Airflow options, and variables in general, that would carry a secret in plain text."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain

from mwaactl.catalog.credentials import address_kinds, credentials_in
from mwaactl.catalog.options import is_sensitive, option_rule

_SECRET = re.compile(
    r"(?:^|_)(?:(?:pg|db)?pass(?:word|wd|phrase)|pwd|secrets?|token|dsn|credentials?|apikey"
    r"|(?:api|access|private|secret|encryption|fernet|signing)_key)(?=_|$)"
)
# What these names end in is said about a secret, and is none.
_ABOUT = re.compile(
    r"_(?:file|path|url|uri|seconds|minutes|ttl|timeout|expiration|expiry|lifetime|time|length|size|adapter"
    r"|backend|backend_kwargs|class|names?|arn|prefix|pattern|enabled|audience|algorithm|issuer|header|scope"
    r"|fields?|cache|key_id|type)$"
)
_NUMBER_OR_SWITCH = re.compile(r"[\d.]{1,9}|true|false|none|", re.IGNORECASE)
_PASSWORD_IN_TEXT = re.compile(r"(?i)\b(?:password|passwd|pwd)\s*=\s*[^\s;&{}$]{3,}")
# With these endings Airflow asks a secrets backend, or runs a command
# (https://airflow.apache.org/docs/apache-airflow/stable/howto/set-config.html).
_REFERENCE = re.compile(r"(?P<base>.+)_(?P<how>secret|cmd)")
_PRINTING = re.compile(r"\s*(?:echo|printf)\b[^$`]*")


def is_secret_name(name: str) -> bool:
    """Says whether what is called so is a secret: a password, a token, a key.

    Args:
        name: An option without its section or a variable, in lower case with `_`.
    """
    return bool(_SECRET.search(name)) and not _ABOUT.search(name)


def is_secret(name: str, value: str) -> bool:
    """Says whether a value is a secret because of its name: a number or a switch is none.

    Args:
        name: An option without its section or a variable, in lower case with `_`.
        value: Its value.
    """
    return is_secret_name(name) and not _NUMBER_OR_SWITCH.fullmatch(value)


def secret_in_option(option: str, value: str, airflow_version: str) -> str | None:
    """Says why an option must not be set to a value in a file that others can read.

    Args:
        option: `section.option`.
        value: Its value, which is never part of the answer.
        airflow_version: For example `3.3.1`.

    Returns:
        What completes the sentence "`option` …", or None where the value is no secret.
    """
    if reference := referenced_option(option, airflow_version):
        printed = reference[1] == "cmd" and _PRINTING.fullmatch(value)
        return "prints a secret that stands in the command" if printed else None
    if option_rule(option, airflow_version) == "secret" or is_secret(option.partition(".")[2], value):
        return "is a secret"
    return secret_in_value(value)


def referenced_option(option: str, airflow_version: str) -> tuple[str, str] | None:
    """Returns the option that `<option>_secret` or `<option>_cmd` stands for, and which of the two it is.

    None where Airflow does not know such an ending: it does for options that it calls sensitive, and for
    those of the project's own providers that do the same.
    """
    match = _REFERENCE.fullmatch(option)
    if match is None:
        return None
    base = match["base"]
    known = is_sensitive(base, airflow_version) or is_secret_name(base.partition(".")[2])
    return (base, match["how"]) if known else None


def secret_in_value(value: str) -> str | None:
    """Says which secret a value holds, whatever it is the value of, or None."""
    encoded = value.encode(errors="replace")
    found = next(chain(credentials_in(encoded), credentials_in(encoded, address_kinds())), None)
    if found:
        return f"holds {found.kind}"
    if name := next(_secrets_in_json(value), None):
        return f"holds a secret under `{name}`"
    return "holds a password" if _PASSWORD_IN_TEXT.search(value) else None


def _secrets_in_json(value: str) -> Iterator[str]:
    if not value.lstrip().startswith(("{", "[")):
        return
    try:
        waiting = [json.loads(value)]
    except ValueError:
        return
    while waiting:
        match waiting.pop():
            case Mapping() as table:
                for name, inner in table.items():
                    if isinstance(inner, str) and inner and is_secret_name(_snake_case(name)):
                        yield name
                    waiting.append(inner)
            case list() as items:
                waiting.extend(items)
            case _:
                pass


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|-", "_", name).lower()
