"""Checkpoints of an emulator that holds nothing beside moto."""

from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.state.bodies import BodyStore
from mwaactl.emulator.state.checkpoints import Checkpoints
from mwaactl.emulator.state.folders import bodies_directory
from mwaactl.emulator.state.request_gate import RequestGate


def idle_checkpoints(settings: EmulatorSettings) -> Checkpoints:
    """Checkpoints that write when they are asked to, and not before."""
    bodies = BodyStore(bodies_directory(settings.state_dir))
    return Checkpoints(settings.state_dir, bodies, RequestGate(), [])
