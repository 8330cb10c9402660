"""SET: what of a session can be set, and what is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.columns import literal
from mwaactl.emulator.warehouse.faults import Refused
from mwaactl.emulator.warehouse.outcome import Outcome

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.sessions import Session

_IGNORED_SETTINGS = {
    "query_group",
    "statement_timeout",
    "enable_result_cache_for_session",
    "analyze_threshold_percent",
}


def apply_setting(session: Session, sql: str) -> Outcome:
    """Carry out SET.

    Raises:
        Refused: If the setting is not modelled.
    """
    _, _, rest = sql.strip().partition(" ")
    name, _, value = (
        rest.replace("=", " to ").partition(" to ") if " to " not in rest.lower() else _split_to(rest)
    )
    setting = name.strip().lower()
    if setting == "search_path":
        schemas = [part.strip().strip("'\"").lower() for part in value.split(",")]
        path = ",".join(schema for schema in schemas if schema != "$user")
        session.cursor.execute(f"SET search_path = {literal(path)}")
    elif setting not in _IGNORED_SETTINGS:
        msg = f"SET {setting}"
        raise Refused(msg, f"modelled are search_path and {', '.join(sorted(_IGNORED_SETTINGS))}")
    return Outcome()


def _split_to(rest: str) -> tuple[str, str, str]:
    at = rest.lower().index(" to ")
    return rest[:at], " to ", rest[at + 4 :]
