"""Puts the backend whose functions run in place of moto's."""

from typing import TYPE_CHECKING

from moto.awslambda.models import lambda_backends

from mwaactl.emulator.functions.interpreter import Interpreters
from mwaactl.emulator.functions.invoker import Invoker, process_starter
from mwaactl.emulator.functions.models import backend_class
from mwaactl.emulator.functions.pool import HandlerPool

if TYPE_CHECKING:
    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.settings import EmulatorSettings


def install(settings: "EmulatorSettings", guardian: "Guardian", credentials: "RoleCredentials") -> None:
    """Let functions that are created from now on run in processes of their own.

    Call it before the first request: backends that moto has made already stay as they are.

    Args:
        settings: where files are kept and which uv builds the functions' Python.
        guardian: who ends the processes if the emulator dies.
        credentials: who lets functions act as their role.
    """
    start = process_starter(
        settings.state_dir / "functions",
        Interpreters(settings.runtimes_dir, settings.uv),
        guardian,
        credentials,
    )
    lambda_backends.backend = backend_class(Invoker(HandlerPool(start)))
