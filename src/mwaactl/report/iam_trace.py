"""What roles and users asked for, access by access, as text; as JSON it is the emulator's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.authorization.traced_access import TracedAccess


def trace_text(trace: tuple[TracedAccess, ...]) -> str:
    """Return a line per access: allowed or denied, who, what, on what."""
    if not trace:
        return "no role and no user has made a request"
    lines = sorted({_line(access) for access in trace})
    return "\n".join(lines)


def _line(access: TracedAccess) -> str:
    decided = "allowed" if access.allowed else "DENIED "
    return f"{decided} {access.entity} {access.action} {access.resource or 'an unknown resource'}"
