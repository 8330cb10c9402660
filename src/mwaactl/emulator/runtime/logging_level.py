"""The level that a component logs at, so that its log groups get what they are set to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.runtime.components import Component

_DEBUG = "DEBUG"
# Tasks are children of the scheduler, and log at its level.
_OF_TASKS = ("Task", "Worker")


def logging_variables(component: Component, levels: Mapping[str, str]) -> dict[str, str]:
    """Return what makes a component write lines of the level DEBUG where a group wants them.

    What is above the level of its group it writes too: it is not shipped, and its file tells why it failed.

    Args:
        component: The component.
        levels: The level of each kind of log; what is off is absent.
    """
    kinds = {component.log_kind, *(_OF_TASKS if component.name == "scheduler" else ())}
    wanted = _DEBUG in {levels.get(kind) for kind in kinds}
    return {"AIRFLOW__LOGGING__LOGGING_LEVEL": _DEBUG} if wanted else {}
