"""Puts the backend whose functions run in place of moto's."""

from typing import TYPE_CHECKING, Any

from moto.awslambda.models import lambda_backends

from mwaactl.emulator.credentials import OnBehalf
from mwaactl.emulator.functions.api_errors import SERVICE
from mwaactl.emulator.functions.asynchronous import AsynchronousInvocations
from mwaactl.emulator.functions.deliveries import Deliveries
from mwaactl.emulator.functions.event_sources import EventSources
from mwaactl.emulator.functions.interpreter import Interpreters
from mwaactl.emulator.functions.invoker import Invoker, process_starter
from mwaactl.emulator.functions.models import backend_class
from mwaactl.emulator.functions.pool import HandlerPool
from mwaactl.emulator.role_clients import role_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.emulator.credentials import RoleCredentials
    from mwaactl.emulator.functions.definition import FunctionDefinition
    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.settings import EmulatorSettings

    Clients = Callable[[FunctionDefinition, str, str], Any]


def install(
    settings: "EmulatorSettings",
    guardian: "Guardian",
    credentials: "RoleCredentials",
    clients: "Clients | None" = None,
) -> EventSources:
    """Let functions that are created from now on run in processes of their own.

    Call it before the first request: backends that moto has made already stay as they are.

    Args:
        settings: where files are kept, which uv builds the functions' Python, and the pause before a retry.
        guardian: who ends the processes if the emulator dies.
        credentials: who lets functions act as their role.
        clients: returns a client of a service in a region for what Lambda does as a function's role.

    Returns:
        Who looks after the queues that functions read from; to be started when the emulator answers.
    """
    start = process_starter(
        settings.state_dir / "functions",
        Interpreters(settings.runtimes_dir, settings.uv),
        guardian,
        credentials,
    )
    clients = clients or clients_of_roles(credentials)
    asynchronous = AsynchronousInvocations(Deliveries(clients), settings.retry_pause)
    lambda_backends.backend = backend_class(Invoker(HandlerPool(start)), asynchronous)
    return EventSources(clients)


def clients_of_roles(credentials: "RoleCredentials") -> "Clients":
    """Return what makes clients that act as a function's role."""

    def client(function: "FunctionDefinition", service: str, region: str) -> Any:  # noqa: ANN401 - per service
        on_behalf = OnBehalf(SERVICE, function.arn)
        return role_client(service, credentials, region, function.role, function.name, on_behalf)

    return client
