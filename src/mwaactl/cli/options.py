"""Options that several commands share."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from mwaactl.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.desired import WorkerReplacement


def environment_option[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Add `-e ENV`, passed on as `environment`."""
    return click.option(
        "-e",
        "--environment",
        envvar="MWAACTL_ENVIRONMENT",
        metavar="ENV",
        help="Environment of mwaactl.toml. [default: MWAACTL_ENVIRONMENT, else default_environment]",
    )(command)


def json_option[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Add `--json`, noted on the invocation so that errors are JSON too."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        expose_value=False,
        callback=_note_json,
        help="Write the result (and an error) as JSON to stdout.",
    )(command)


def consent_options[R](command: Callable[..., R]) -> Callable[..., R]:
    """Add the flags without which some plans are not carried out, passed on as `consent`."""

    @click.option("--allow-empty", is_flag=True, help="Deploy although dags/ is empty.")
    @click.option("--allow-deletes", is_flag=True, help="Deploy although more than 20 % of the DAG files go.")
    @wraps(command)
    def with_consent(*arguments: Any, allow_empty: bool, allow_deletes: bool, **others: Any) -> R:  # noqa: ANN401  click
        given = (("--allow-empty", allow_empty), ("--allow-deletes", allow_deletes))
        return command(*arguments, consent=tuple(flag for flag, is_set in given if is_set), **others)

    return with_consent


def replacement_option[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Add `--worker-replacement`, passed on as `WorkerReplacement`."""
    return click.option(
        "--worker-replacement",
        type=click.Choice(["forced", "graceful"]),
        callback=lambda _context, _parameter, value: _replacement(value),
        help="How an environment update replaces workers. [default: forced, which ends running tasks]",
    )(command)


def _replacement(value: str | None) -> WorkerReplacement | None:
    from mwaactl.desired import WorkerReplacement

    return WorkerReplacement(value.upper()) if value else None


def _note_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001  click
    invocation = context.find_object(Invocation)
    if invocation is not None and value:
        invocation.as_json = True
