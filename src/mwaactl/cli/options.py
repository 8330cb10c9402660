"""Options that several commands share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from mwaactl.cli.invocation import Invocation
from mwaactl.cli.numbers import Number

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.desired import WorkerReplacement

# Seconds: Airflow itself gives a file up long before (core.dagbag_import_timeout, 30 s).
_LONGEST_PARSE = 3600
# Minutes: a day.
_LONGEST_WAIT = 1440


def environment_option[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Add `-e ENV`, passed on as `environment`, and noted on the invocation for what hints name."""
    return click.option(
        "-e",
        "--environment",
        envvar="MWAACTL_ENVIRONMENT",
        metavar="ENV",
        callback=_note_environment,
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


def replacement_option[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Add `--worker-replacement`, passed on as `replacement`."""
    return click.option(
        "--worker-replacement",
        "replacement",
        type=click.Choice(["forced", "graceful"]),
        callback=_replacement,
        help="How an environment update replaces workers. [default: forced, which ends running tasks]",
    )(command)


def wish_options[R](command: Callable[..., R]) -> Callable[..., R]:
    """Add the flags about how the working tree is to be deployed, passed on as `wish`."""

    @replacement_option
    @click.option(
        "--parse",
        is_flag=True,
        help="Let Airflow parse the DAG files on this machine first; contracts are held against those "
        "deployed.",
    )
    @click.option(
        "--zero-window", is_flag=True, help="Deploy the DAGs as one archive, which changes in one write."
    )
    @wraps(command)
    def with_wish(
        *arguments: Any,  # noqa: ANN401  click
        replacement: WorkerReplacement | None,
        parse: bool,
        zero_window: bool,
        **others: Any,  # noqa: ANN401  click
    ) -> R:
        from mwaactl.cli.wish import Wish

        return command(*arguments, wish=Wish(replacement, parse, zero_window), **others)

    return with_wish


@dataclass(frozen=True, slots=True)
class Known:
    """How DAG files are parsed on this machine, and whether earlier results count.

    Attributes:
        budget: Seconds that Airflow may take to import a file.
        keep: Whether what was found for the same content counts.
    """

    budget: float
    keep: bool


def known_options[R](command: Callable[..., R]) -> Callable[..., R]:
    """Add the flags about parsing on this machine, passed on as `known`."""

    @click.option(
        "--parse-budget",
        type=Number(min=0, max=_LONGEST_PARSE, min_open=True),
        default=5.0,
        show_default=True,
        help="Seconds that Airflow may take to import a DAG file.",
    )
    @click.option(
        "--no-cache",
        is_flag=True,
        help="Read and parse every DAG file, and look at every template, known or not.",
    )
    @wraps(command)
    def with_known(
        *arguments: Any,  # noqa: ANN401  click
        parse_budget: float,
        no_cache: bool,
        **others: Any,  # noqa: ANN401  click
    ) -> R:
        return command(*arguments, known=Known(parse_budget, not no_cache), **others)

    return with_known


@dataclass(frozen=True, slots=True)
class Execution:
    """How a plan is carried out.

    Attributes:
        wait: Whether to wait for the environment and for Airflow.
        rollback_on_failure: Whether a failure brings the current release back.
        minutes: How long to wait for Airflow to parse the release; None for the usual time.
        consent: The flags that were given for what needs one.
    """

    wait: bool = True
    rollback_on_failure: bool = False
    minutes: float | None = None
    consent: frozenset[str] = frozenset()


def execution_options[R](command: Callable[..., R]) -> Callable[..., R]:
    """Add the flags about carrying a plan out, passed on as `execution`."""

    @click.option("--no-wait", is_flag=True, help="Only write; the next deployment verifies and records.")
    @click.option(
        "--rollback-on-failure", is_flag=True, help="Bring the current release back if this one fails."
    )
    @click.option("--allow-empty", is_flag=True, help="Deploy although dags/ is empty.")
    @click.option("--allow-deletes", is_flag=True, help="Deploy although more than 20 % of the DAG files go.")
    @timeout_option
    @wraps(command)
    def with_execution(
        *arguments: Any,  # noqa: ANN401  click
        no_wait: bool,
        rollback_on_failure: bool,
        allow_empty: bool,
        allow_deletes: bool,
        timeout: float | None,
        **others: Any,  # noqa: ANN401  click
    ) -> R:
        if no_wait and rollback_on_failure:
            message = "`--rollback-on-failure` has to wait: with `--no-wait` nobody sees a failure"
            raise click.UsageError(message)
        given = (("--allow-empty", allow_empty), ("--allow-deletes", allow_deletes))
        consent = frozenset(flag for flag, is_set in given if is_set)
        execution = Execution(not no_wait, rollback_on_failure, timeout, consent)
        return command(*arguments, execution=execution, **others)

    return with_execution


def timeout_option[**P, R](command: Callable[P, R]) -> Callable[P, R]:
    """Add `--timeout MINUTES`."""
    return click.option(
        "--timeout",
        type=Number(min=0, max=_LONGEST_WAIT, min_open=True),
        metavar="MINUTES",
        help="How long to wait until Airflow has parsed the files. [default: 10]",
    )(command)


def _replacement(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> WorkerReplacement | None:
    if value is None:
        return None
    from mwaactl.desired import WorkerReplacement

    return WorkerReplacement(value.upper())


def _note_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001  click
    invocation = context.find_object(Invocation)
    if invocation is not None and value:
        invocation.as_json = True


def _note_environment(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    invocation = context.find_object(Invocation)
    source = context.get_parameter_source(parameter.name or "")
    if source is not click.core.ParameterSource.COMMANDLINE:
        return value
    if not value:  # `-e "$ENV"` where ENV is not set must not deploy to whichever is the default
        message = "it is empty; leave the option out to mean the default environment"
        raise click.BadParameter(message, context, parameter)
    if invocation is not None:
        invocation.environment = value
    return value
