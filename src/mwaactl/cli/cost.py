"""`mwaactl cost`: what an environment will cost in a month."""

from __future__ import annotations

from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.numbers import Number
from mwaactl.cli.options import environment_option, json_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.cost.assumptions import Assumptions

_QUANTITIES = {
    "hours": "Hours of full load. [default: 730, all of them]",
    "rpu_hours": "RPU-hours of the warehouse. [default: its base capacity in all hours of full load]",
    "data_gb": "GB through NAT gateways or interface endpoints. [default: 100]",
    "log_gb": "GB written to CloudWatch Logs. [default: 10]",
    "bucket_gb": "GB in the buckets. [default: 100]",
    "warehouse_gb": "GB in the warehouse. [default: 100]",
    "database_gb": "GB in Airflow's database. [default: 10]",
    "function_gb_seconds": "Memory times seconds of the functions. [default: 10000]",
}
_MOST = {"hours": 730.0}


def assumption_options[R](command: Callable[..., R]) -> Callable[..., R]:
    """Add one option per quantity that the configuration does not say, passed on as `assumptions`."""

    @wraps(command)
    def with_assumptions(*arguments: Any, **others: Any) -> R:  # noqa: ANN401  click
        from mwaactl.cost.assumptions import Assumptions

        given = {name: others.pop(name) for name in _QUANTITIES}
        known = {name: value for name, value in given.items() if value is not None}
        return command(*arguments, assumptions=Assumptions(**known), **others)

    wrapped: Callable[..., R] = with_assumptions
    for name, meaning in reversed(_QUANTITIES.items()):
        limits = Number(min=0, max=_MOST.get(name, 1e9))
        option = click.option(
            f"--{name.replace('_', '-')}", name, metavar="N", type=limits, callback=_exact, help=meaning
        )
        wrapped = option(wrapped)
    return wrapped


def _exact(_context: click.Context, _parameter: click.Parameter, value: float | None) -> Decimal | None:
    """Take the number as it was typed."""
    return None if value is None else Decimal(str(value))


@click.command()
@environment_option
@json_option
@click.option("--environment-class", help="Another class than the configured one, for example `mw1.medium`.")
@click.option("--compare", metavar="ENV", help="Another environment, to be shown beside this one.")
@assumption_options
@pass_invocation
def cost(
    invocation: Invocation,
    environment: str | None,
    environment_class: str | None,
    compare: str | None,
    assumptions: Assumptions,
) -> None:
    """Estimate what an environment costs in a month, from idle to full, before it is deployed."""
    from mwaactl.cost.estimate import estimate
    from mwaactl.cost.variants import with_class
    from mwaactl.report.costs import comparison_data, comparison_text, cost_data, cost_text

    _, config = invocation.composition.environment(invocation.config, environment)
    made = estimate(with_class(config, environment_class) if environment_class else config, assumptions)
    if compare is None:
        text, data = cost_text(made), cost_data(made)
    else:
        _, other = invocation.composition.environment(invocation.config, compare)
        second = estimate(other, assumptions)
        text, data = comparison_text(made, second), comparison_data(made, second)
    if invocation.as_json:
        invocation.console.json(data)
    else:
        invocation.console.data(text)
