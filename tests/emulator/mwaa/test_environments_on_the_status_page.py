"""The emulator's status page shows every environment as it is, with the Airflow behind it."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from mwaactl.emulator.credentials import RoleCredentials
from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
from mwaactl.emulator.mwaa.host import ComponentState, HostFailure, HostState, RequirementsState
from mwaactl.emulator.own_pages import OwnPages
from mwaactl.emulator.status_page import fetch_page
from tests.fakes.loopback_server import serving
from tests.fakes.no_state import idle_checkpoints

if TYPE_CHECKING:
    from tests.emulator.mwaa.conftest import World

RUNNING = HostState(
    metadata_database="postgresql",
    requirements=RequirementsState(installed=False, error="No matching distribution found for nonesuch"),
    components=(ComponentState("scheduler", 90), ComponentState("triggerer", None, 2, -9)),
)


def shown(world: World) -> tuple[EnvironmentStatus, ...]:
    settings = world.settings
    pages = OwnPages(settings, RoleCredentials(settings), world.service.statuses, idle_checkpoints(settings))
    with serving(pages) as port:
        page = fetch_page(f"http://127.0.0.1:{port}", os.getpid())
    assert page is not None
    return page.environments


def test_emulator_without_environments_shows_none(world: World) -> None:
    assert shown(world) == ()


def test_environment_is_shown_with_its_airflow(world: World) -> None:
    world.hosts.prepare("alone").now = RUNNING
    address = world.create("alone")["WebserverUrl"]

    assert shown(world) == (
        EnvironmentStatus(
            "alone", "us-east-1", "AVAILABLE", "3.3.1", f"http://{address}", error=None, airflow=RUNNING
        ),
    )


def test_environments_stand_in_the_order_of_their_names(world: World) -> None:
    for name in ("second", "first"):
        world.create(name)

    assert [environment.name for environment in shown(world)] == ["first", "second"]


def test_environment_on_its_way_shows_no_airflow(world: World) -> None:
    host = world.hosts.prepare("coming")
    host.now = RUNNING
    host.gate.clear()
    world.mwaa.create_environment(**world.request("coming"))

    [environment] = shown(world)

    assert (environment.status, environment.airflow) == ("CREATING", HostState())
    host.gate.set()
    world.wait("coming", "AVAILABLE")


def test_reason_of_a_failed_update_is_shown_until_one_succeeds(world: World) -> None:
    world.create("ailing")
    [before] = shown(world)
    world.hosts.hosts["ailing"].fail_with = HostFailure("INTERNAL_ERROR", "the scheduler keeps ending")
    world.mwaa.update_environment(Name="ailing", DagS3Path="other")
    world.wait("ailing", "UPDATE_FAILED")

    assert shown(world) == (
        replace(before, status="UPDATE_FAILED", error="INTERNAL_ERROR: the scheduler keeps ending"),
    )

    world.hosts.hosts["ailing"].fail_with = None
    world.mwaa.update_environment(Name="ailing", DagS3Path="other")
    world.wait("ailing", "AVAILABLE")
    assert shown(world) == (before,)


def test_deleted_environment_is_not_shown(world: World) -> None:
    world.create("gone")
    world.mwaa.delete_environment(Name="gone")
    deadline = time.monotonic() + 10
    while shown(world) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert shown(world) == ()
