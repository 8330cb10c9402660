"""What the front door asks of the environment behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mwaactl.emulator.mwaa.environment import Environment
    from mwaactl.emulator.mwaa.host import AirflowHost


class Upstream(Protocol):
    """One environment: its description at this moment, and the host that runs its Airflow."""

    @property
    def environment(self) -> Environment:
        """The environment as it is now."""

    @property
    def host(self) -> AirflowHost:
        """The host; its Airflow runs only while the environment's status serves."""
