"""Reads mwaactl.toml and the process environment; nothing else does.

load_config(file) → select_environment(config, name, environ)
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.problems import nearest, problems_of
from mwaactl.config.resolve import missing_keys, resolve
from mwaactl.config.rules import broken_rules
from mwaactl.config.schema import ProjectFile
from mwaactl.errors import ConfigError, ConfigProblem

ENVIRONMENT_VARIABLE = "MWAACTL_ENVIRONMENT"


@dataclass(frozen=True, slots=True)
class Config:
    """A project's configuration: every environment resolved and checked.

    Attributes:
        file: Where it was read from, in full; the project's root is the folder that holds it.
        default_environment: What commands use when no environment is named; None where the file has none.
    """

    file: Path
    project: str
    default_environment: str | None
    environments: Mapping[str, EnvironmentConfig]

    @property
    def root(self) -> Path:
        """The project's root folder."""
        return self.file.parent


def load_config(file: Path) -> Config:
    """Reads the configuration, resolves all environments and checks them against the catalogue.

    Raises:
        ConfigError: The file cannot be read, is not TOML, or holds what is unknown or what MWAA refuses; its
            `problems` name all keys concerned.
    """
    content = _parse(file)
    try:
        checked = ProjectFile.model_validate(content)
    except ValidationError as error:
        raise _failure(file, problems_of(error)) from error
    if problems := [*_dangling_default(checked), *_missing(checked)]:
        raise _failure(file, problems)
    environments = {name: resolve(checked, name) for name in checked.environments}
    if problems := [found for config in environments.values() for found in _located(config, content)]:
        raise _failure(file, list(dict.fromkeys(problems)))
    # Absolute, because child processes that are given paths below it run elsewhere.
    return Config(
        file.absolute(), checked.project, checked.default_environment, MappingProxyType(environments)
    )


def select_environment(
    config: Config, name: str | None = None, environ: Mapping[str, str] = os.environ
) -> EnvironmentConfig:
    """Picks an environment: the named one, else MWAACTL_ENVIRONMENT, else the file's default.

    Raises:
        ConfigError: There is no such environment, or none was named.
    """
    chosen = name or environ.get(ENVIRONMENT_VARIABLE) or config.default_environment
    known = config.environments
    if chosen and chosen in known:
        return known[chosen]
    if chosen:
        # A shell that once was set up for another project tells nobody that it still names one.
        named = (
            f", which {ENVIRONMENT_VARIABLE} names," if environ.get(ENVIRONMENT_VARIABLE) == chosen else ""
        )
        message = f"there is no environment `{chosen}`{named} in `{config.file.name}`"
        hint = nearest(chosen, known)
    else:
        message, hint = "no environment was named", f"name one of {', '.join(f'`{each}`' for each in known)}"
    raise ConfigError(message, file=config.file, hint=hint, code="config.unknown-environment")


def _parse(file: Path) -> dict[str, Any]:
    try:
        # Editors on Windows put a byte order mark first, which TOML does not know.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = f"`{file}` cannot be read: {error.strerror}"
        raise ConfigError(message, file=file, code="config.unreadable") from error
    except UnicodeDecodeError as error:
        message = f"`{file.name}` is not UTF-8 text: {error.reason} at byte {error.start}"
        raise ConfigError(message, file=file, code="config.unreadable") from error
    except RecursionError as error:
        message = f"`{file.name}` is nested too deeply"
        raise ConfigError(message, file=file, code="config.syntax") from error
    except tomllib.TOMLDecodeError as error:
        message = f"`{file.name}` is not valid TOML: {error}"
        raise ConfigError(message, file=file, code="config.syntax") from error


def _dangling_default(content: ProjectFile) -> Sequence[ConfigProblem]:
    default = content.default_environment
    if default is None or default in content.environments:
        return ()
    hint = nearest(default, content.environments)
    return [ConfigProblem("default_environment", f"is `{default}`, which is not an environment", hint)]


def _missing(content: ProjectFile) -> Sequence[ConfigProblem]:
    return [
        ConfigProblem(f"environments.{name}.{key}", "is missing", code="config.missing")
        for name in content.environments
        for key in missing_keys(content, name)
    ]


def _located(config: EnvironmentConfig, content: Mapping[str, Any]) -> Sequence[ConfigProblem]:
    """Names for each problem the place where its value was written: the environment, else the defaults."""
    own = f"environments.{config.environment}"
    found = []
    for problem in broken_rules(config):
        inherited = _is_in(content.get("defaults", {}), problem.key) and not _is_in(
            content["environments"][config.environment], problem.key
        )
        key = f"{'defaults' if inherited else own}.{problem.key}".rstrip(".")
        found.append(ConfigProblem(key, problem.message, problem.hint, problem.code))
    return found


def _is_in(table: Mapping[str, Any], key: str) -> bool:
    """Says whether a dotted key is written in a table; option names hold dots themselves."""
    if key in table:
        return True
    head, _, rest = key.partition(".")
    inner = table.get(head)
    return bool(rest) and isinstance(inner, Mapping) and _is_in(inner, rest)


def _failure(file: Path, problems: Sequence[ConfigProblem]) -> ConfigError:
    first = problems[0]
    if len(problems) == 1:
        message = f"`{first.key}` in `{file.name}` {first.message}"
        return ConfigError(message, file=file, problems=problems, hint=first.hint, code=first.code)
    lines = (f"  `{each.key}` {each.message}" + (f" ({each.hint})" if each.hint else "") for each in problems)
    message = "\n".join([f"`{file.name}` has {len(problems)} problems", *lines])
    return ConfigError(message, file=file, problems=problems)
