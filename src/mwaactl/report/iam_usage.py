"""What roles did with their permissions, as text; as JSON it is the emulator's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.report.actions import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.emulator.authorization.entity_usage import EntityUsage


def usage_text(usages: tuple[EntityUsage, ...]) -> str:
    """Return a block per role and user: what was denied, then what is allowed and was never used."""
    if not usages:
        return "no role and no user has made a request"
    return "\n\n".join("\n".join(_lines(usage)) for usage in usages)


def _lines(usage: EntityUsage) -> Iterator[str]:
    yield f"{usage.entity}: {count_of(len(usage.used), 'action')} used"
    for denied in usage.denied:
        where = f" on {denied.resource}" if denied.resource not in {"", "*"} else ""
        yield f"  DENIED {count_of(denied.times, 'time')}: {denied.action}{where}, {denied.reason}"
    for unused in usage.unused:
        yield f"  never used: {', '.join(unused.actions)} ({unused.statement}, {unused.policy})"
