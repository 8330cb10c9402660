"""Environments whose emulator ended: they run again, or say why not; work under way has an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.mwaa.lifecycle import INTERRUPTED

if TYPE_CHECKING:
    from tests.emulator.mwaa.conftest import World


def restart(world: World) -> None:
    """End every Airflow as `emulator down` does, and run what was kept."""
    part = world.service.part()
    kept = part.read()
    world.service.shutdown()
    part.install(kept)
    part.resume()


def test_environment_is_resumed_behind_the_same_address(world: World) -> None:
    before = world.create("alone")

    restart(world)

    assert world.wait("alone", "AVAILABLE") == before
    (spec,) = world.hosts.prepare("alone").resumed
    assert spec.name == "alone"


def test_environment_that_does_not_start_again_is_unavailable_until_it_does(world: World) -> None:
    before = world.create("alone")
    host = world.hosts.prepare("alone")
    host.fail_with = HostFailure("INCORRECT_CONFIGURATION", "the bucket is gone")
    restart(world)

    shown = world.wait("alone", "UNAVAILABLE")
    assert shown["LastUpdate"]["Error"]["ErrorMessage"] == "the bucket is gone"

    host.fail_with = None
    restart(world)
    assert world.wait("alone", "AVAILABLE") == before


def test_interrupted_update_has_failed_and_what_ran_before_runs(world: World) -> None:
    world.create("alone", AirflowConfigurationOptions={"core.parallelism": "4"})
    host = world.hosts.prepare("alone")
    host.gate.clear()
    world.mwaa.update_environment(Name="alone", AirflowConfigurationOptions={"core.parallelism": "8"})
    world.wait("alone", "UPDATING")
    kept = world.service.part().read()
    host.gate.set()
    world.wait("alone", "AVAILABLE")
    world.service.shutdown()

    part = world.service.part()
    part.install(kept)
    part.resume()

    shown = world.wait("alone", "UPDATE_FAILED")
    assert shown["AirflowConfigurationOptions"] == {"core.parallelism": "4"}
    assert shown["LastUpdate"]["Error"]["ErrorMessage"] == INTERRUPTED[1]
    assert host.resumed[-1].config_options == {"core.parallelism": "4"}


def test_interrupted_update_has_failed_although_the_restart_was_interrupted_too(world: World) -> None:
    world.create("alone", AirflowConfigurationOptions={"core.parallelism": "4"})
    host, part = world.hosts.prepare("alone"), world.service.part()
    host.gate.clear()
    world.mwaa.update_environment(Name="alone", AirflowConfigurationOptions={"core.parallelism": "8"})
    world.wait("alone", "UPDATING")
    interrupted_once = part.read()
    host.gate.set()
    world.wait("alone", "AVAILABLE")
    world.service.shutdown()
    host.gate.clear()
    part.install(interrupted_once)
    part.resume()
    world.wait("alone", "MAINTENANCE")
    interrupted_twice = part.read()
    host.gate.set()
    world.wait("alone", "UPDATE_FAILED")
    world.service.shutdown()

    part.install(interrupted_twice)
    part.resume()

    shown = world.wait("alone", "UPDATE_FAILED")
    assert shown["AirflowConfigurationOptions"] == {"core.parallelism": "4"}
    assert shown["LastUpdate"]["Error"]["ErrorMessage"] == INTERRUPTED[1]


def test_failed_creation_stays_as_it_is(world: World) -> None:
    host = world.hosts.prepare("alone")
    host.fail_with = HostFailure("INTERNAL_ERROR", "no")
    world.mwaa.create_environment(**world.request("alone"))
    before = world.wait("alone", "CREATE_FAILED")

    restart(world)

    assert world.wait("alone", "CREATE_FAILED") == before
    assert host.resumed == []
