"""MWAA's environments, as they outlive the emulator's process; their Airflows keep files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.mwaa.backend import MwaaBackend
    from mwaactl.emulator.mwaa.environment import Environment


class EnvironmentsPart:
    """The environments of all regions, as a part of the state.

    Args:
        backend: What holds them.
    """

    name = "mwaa"

    def __init__(self, backend: MwaaBackend) -> None:
        self._backend = backend
        self._kept: list[Environment] = []

    def mark(self) -> object:
        """Return the environments, which are values."""
        return tuple(self.read())

    def settled(self) -> bool:
        """Say yes: what is under way goes on after a restart, or what ran before runs again."""
        return True

    def read(self) -> list[Environment]:
        """Return the environments."""
        return [lifecycle.environment for lifecycle in self._backend.all()]

    def install(self, kept: list[Environment]) -> None:
        """Keep the environments until `resume`: starting one needs the services that it calls."""
        self._kept = kept

    def resume(self) -> None:
        """Begin to run the environments; to be called once the emulator answers."""
        self._backend.resume(self._kept)
        self._kept = []
