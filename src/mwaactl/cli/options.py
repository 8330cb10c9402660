"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mwaactl.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Callable


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


def _note_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001  click
    invocation = context.find_object(Invocation)
    if invocation is not None and value:
        invocation.as_json = True
