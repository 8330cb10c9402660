"""The one place where the emulator's parts meet."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator import functions, provided_policies
from mwaactl.emulator.authorization.callers import policies_of, session_of
from mwaactl.emulator.authorization.enforcement import Enforcement
from mwaactl.emulator.authorization.judge import Judge
from mwaactl.emulator.authorization.moto_account import MotoAccount
from mwaactl.emulator.authorization.usage import Usage
from mwaactl.emulator.authorization.usage_report import usage_report
from mwaactl.emulator.cloudformation.application import cloudformation_app
from mwaactl.emulator.cloudformation.kept_stacks import StacksPart
from mwaactl.emulator.cloudformation.responses import Engines
from mwaactl.emulator.credentials import RoleCredentials
from mwaactl.emulator.dispatch import Dispatcher
from mwaactl.emulator.event_bus import models as event_bus
from mwaactl.emulator.guardian import Guardian
from mwaactl.emulator.log_metrics import models as log_metrics
from mwaactl.emulator.metrics import models as metrics
from mwaactl.emulator.metrics.minute_clock import MinuteClock
from mwaactl.emulator.moto_gateway import MotoGateway
from mwaactl.emulator.mwaa import application as mwaa
from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.own_pages import OwnPages
from mwaactl.emulator.runtime.factory import host_factory
from mwaactl.emulator.state.bodies import BodyStore
from mwaactl.emulator.state.checkpoints import Checkpoints
from mwaactl.emulator.state.folders import bodies_directory
from mwaactl.emulator.state.gated_service import GatedService
from mwaactl.emulator.state.request_gate import RequestGate
from mwaactl.emulator.state_machines import models as state_machines
from mwaactl.emulator.storage import models as storage
from mwaactl.emulator.warehouse import application as warehouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

    from mwaactl.emulator.authorization.callers import KnownCaller
    from mwaactl.emulator.settings import EmulatorSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Composition:
    """An emulator, put together.

    Attributes:
        app: Answers every request.
        pages: The emulator's own pages, to be told when all is ready.
        checkpoints: Keep what it holds.
        resume: Starts what ran before the emulator's restart, once it answers.
        prepare: Makes what the first environments will need; takes long, and only saves time.
        close: Ends everything that runs beside the app.
    """

    app: WSGIApplication
    pages: OwnPages
    checkpoints: Checkpoints
    resume: Callable[[], None]
    prepare: Callable[[], None]
    close: Callable[[], None]


def compose(settings: EmulatorSettings) -> Composition:
    """Build all parts; nothing listens and no child runs yet."""
    guardian = Guardian(settings)
    credentials = RoleCredentials(settings)
    provided_policies.install(settings)
    storage.install()
    metrics.install()
    log_metrics.install()
    event_bus.install()
    state_machines.install(settings)
    event_sources = functions.install(settings, guardian, credentials)
    hosts = host_factory(settings, guardian, credentials)
    environments = mwaa.service_apps(settings, hosts)
    redshift = warehouse.service_apps(settings)
    engines, gate = Engines(settings), RequestGate()
    bodies = BodyStore(bodies_directory(settings.state_dir))
    checkpoints = Checkpoints(
        settings.state_dir, bodies, gate, [StacksPart(engines), environments.part, redshift.part]
    )
    usage = Usage()
    pages = OwnPages(
        settings,
        credentials,
        environments.statuses,
        checkpoints,
        lambda: usage_report(usage, policies_of),
        usage.trace,
    )
    services: dict[str, WSGIApplication] = {
        "cloudformation": cloudformation_app(engines),
        **environments,
        **redshift,
    }

    def prepare() -> None:
        for version in settings.airflow_versions:
            try:
                hosts.warm_up(version)
            except (HostFailure, KeyError) as error:
                _log.warning("Airflow %s is not prepared ahead: %s", version, error)

    clock = MinuteClock(hosts.publish_metrics, metrics.evaluate_all)

    def resume() -> None:
        event_sources.start()
        clock.start()
        environments.part.resume()

    def close() -> None:
        event_sources.close()
        clock.close()
        try:
            environments.shutdown()
        finally:
            guardian.close()
            redshift.close()

    def developer() -> KnownCaller | None:
        return session_of(settings.own_role, settings.account_id, "developer") if settings.own_role else None

    judge = Judge(MotoAccount(settings), usage, developer)
    counted = {name: GatedService(app, gate, waits=False) for name, app in services.items()}
    app = Enforcement(judge, Dispatcher(counted, pages, GatedService(MotoGateway(), gate)))
    return Composition(app, pages, checkpoints, resume, prepare, close)
