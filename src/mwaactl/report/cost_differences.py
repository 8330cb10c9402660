"""What a change costs in a month, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from mwaactl.cost.difference import CostDifference
    from mwaactl.cost.estimate import Estimate


def cost_difference_text(difference: CostDifference) -> str:
    """Return in one line what a month costs more or less, and what changes that."""
    if difference.before is None:
        idle, full = f"{difference.idle:,.2f}", f"{difference.full:,.2f}"
        why = "see `mwaactl cost`"
    else:
        idle, full = _signed(difference.idle), _signed(difference.full)
        why = f"`npx cdk deploy {difference.stack}` changes {_settings(difference)}"
    rest = "".join(_reservations(difference))
    return f"cost:  {idle} USD a month when idle, {full} when full{rest}; {why}"


def cost_difference_data(difference: CostDifference) -> dict[str, Any]:
    """Return what a change costs as JSON values; amounts of money are decimal strings."""
    return {
        "currency": "USD",
        "difference": {"idle": str(difference.idle), "full": str(difference.full)},
        "before": _sums(difference.before) if difference.before else None,
        "after": _sums(difference.after),
        "settings": {
            name: {"running": running, "configured": configured}
            for name, (running, configured) in difference.settings.items()
        },
        "changed_by": "mwaactl deploy" if difference.before is None else "cdk deploy",
        "not_known": list(difference.unknown),
        "stand_ins": list(difference.stand_ins),
    }


def _sums(estimate: Estimate) -> dict[str, str]:
    return {"idle": str(estimate.idle), "full": str(estimate.full)}


def _signed(dollars: Decimal) -> str:
    return f"{dollars:+,.2f}"


def _settings(difference: CostDifference) -> str:
    changes = (f"`{name}` from {old} to {new}" for name, (old, new) in difference.settings.items())
    return ", ".join(changes)


def _reservations(difference: CostDifference) -> Iterator[str]:
    if difference.stand_ins:
        yield f" at prices of {' and '.join(difference.stand_ins)}"
    if difference.unknown:
        yield f" without {', '.join(difference.unknown)}"
