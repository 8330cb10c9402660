"""Updates of an environment's components: the new start beside the old, take over or give way."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from mwaactl.emulator.guardian import Guardian
from mwaactl.emulator.loopback import client
from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.mwaa.host import EnvironmentSpec, HostFailure, NothingRunsFailure, UpdatePhase
from mwaactl.emulator.process_table import read_process
from mwaactl.emulator.runtime.health import EXECUTION_API, HEALTH_PATHS
from mwaactl.emulator.runtime.host import LocalAirflowHost
from mwaactl.emulator.runtime.running_environment import JOBS
from mwaactl.emulator.settings import EmulatorSettings
from tests.fakes.airflow_program import FakeDatabases, FakePackages
from tests.fakes.environment_spec import environment_spec
from tests.fakes.loopback_server import answering, serving
from tests.fakes.waiting import eventually

SPEC = environment_spec("mine")
BROKEN = replace(SPEC, config_options={"fake.broken": "triggerer"})
KEYS = {"AccessKeyId": "k", "SecretAccessKey": "s", "Token": "t", "Expiration": "2099-01-01T00:00:00Z"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """The role's credentials, from a server of the test's own."""

    endpoint_url: str
    uri: str

    def environment_for(self, *_: object) -> dict[str, str]:
        return {"AWS_ENDPOINT_URL": self.endpoint_url, "AWS_CONTAINER_CREDENTIALS_FULL_URI": self.uri}


@dataclass(frozen=True, slots=True)
class World:
    host: LocalAirflowHost
    home: Path
    packages: FakePackages
    databases: FakeDatabases
    phases: list[UpdatePhase] = field(default_factory=list)

    def update(self, spec: EnvironmentSpec, strategy: str = "FORCED") -> None:
        self.host.update(spec, strategy, self.phases.append)

    def pids(self) -> dict[str, int | None]:
        return {component.name: component.pid for component in self.host.state().components}

    def generations(self) -> int:
        return len(list((self.home.parent / "generations").iterdir()))

    def asked(self) -> list[str]:
        """Return the paths that web servers were asked for."""
        return (self.home / "asked").read_text().splitlines()

    def environment_of(self, job: str) -> dict[str, str]:
        """Return the variables of the newest process with that job."""
        files = (self.home / "jobs").glob(f"{job}-*")
        newest = max(files, key=lambda file: file.stat().st_mtime)
        return dict(json.loads(newest.read_text()))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    aws = LoopbackServices()
    settings = EmulatorSettings(tmp_path, tmp_path / "state", tmp_path / "runtimes", port=aws.port)
    bucket: Any = client("s3", settings)
    bucket.create_bucket(Bucket=SPEC.source_bucket)
    home = settings.state_dir / "environments" / "mine" / "airflow"
    guardian, packages, databases = Guardian(settings), FakePackages(tmp_path / "python"), FakeDatabases(home)
    with serving(answering(json.dumps(KEYS).encode())) as port:
        credentials = Credentials(settings.endpoint_url, f"http://127.0.0.1:{port}/")
        given, held = cast("Any", credentials), cast("Any", packages)
        host = LocalAirflowHost("mine", settings, guardian, given, held, lambda: databases)
        host.start(SPEC)
        # The fake api-server calls all healthy at once; a job that begins later would count as a newer one's.
        assert eventually(lambda: len(list((home / "jobs").glob("*Job-*"))) == len(JOBS))
        yield World(host, home, packages, databases)
        host.stop()
    guardian.close()
    aws.close()


def test_new_components_take_over_and_the_old_ones_end(world: World) -> None:
    before, address = world.pids(), world.host.api_url
    world.update(replace(SPEC, config_options={"core.x": "1"}))
    assert world.phases == []
    assert world.host.api_url != address
    assert before.keys() == world.pids().keys()
    assert not set(before.values()) & set(world.pids().values())
    assert not any(is_alive(pid) for pid in before.values())
    assert world.generations() == 1
    assert world.environment_of("TriggererJob")["AIRFLOW__CORE__X"] == "1"


def test_what_tasks_talk_to_is_set_up_before_the_first_of_them(world: World) -> None:
    assert eventually(lambda: EXECUTION_API in world.asked())
    assert world.asked()[0] == HEALTH_PATHS[3]


def test_new_components_take_over_when_they_would_answer_tasks(world: World) -> None:
    assert eventually(lambda: EXECUTION_API in world.asked())
    address, setting_up = world.host.api_url, world.home / "sets-up"
    setting_up.touch()
    updating = threading.Thread(target=world.update, args=(replace(SPEC, config_options={"core.x": "1"}),))
    updating.start()
    assert eventually(lambda: world.asked().count(EXECUTION_API) == 2)

    assert not eventually(lambda: world.host.api_url != address, 1.0)
    setting_up.unlink()
    updating.join()
    assert world.host.api_url != address


def test_components_that_do_not_start_give_way_to_those_that_run(world: World) -> None:
    before, address = world.pids(), world.host.api_url
    with pytest.raises(HostFailure, match=r"triggerer keeps ending \(3 times\).*\n.*does not start"):
        world.update(BROKEN)
    assert world.phases == [UpdatePhase.ROLLBACK]
    assert (world.pids(), world.host.api_url) == (before, address)
    assert world.generations() == 1
    world.update(SPEC)
    assert world.host.api_url != address


def test_what_cannot_be_prepared_does_not_touch_what_runs(world: World) -> None:
    before = world.pids()
    with pytest.raises(HostFailure, match="no packages for Airflow"):
        world.update(replace(SPEC, airflow_version="3.1.0"))
    assert world.phases == [UpdatePhase.ROLLBACK]
    assert world.pids() == before


def test_graceful_update_waits_for_tasks_while_the_new_components_serve(world: World) -> None:
    before, address = world.pids(), world.host.api_url
    (world.home / "task-runs").touch()
    updating = threading.Thread(target=lambda: world.update(SPEC, "GRACEFUL"))
    updating.start()
    assert eventually(lambda: world.host.api_url != address)
    assert eventually(lambda: not is_alive(before["triggerer"]))
    assert is_alive(before["scheduler"])
    assert is_alive(before["api-server"])
    patience = "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD"
    assert world.environment_of("SchedulerJob")[patience] == "43200"

    (world.home / "task-runs").unlink()

    updating.join(20)
    assert not any(is_alive(pid) for pid in before.values())
    assert len([pid for pid in world.pids().values() if is_alive(pid)]) == 4


def test_emulator_that_ends_during_a_graceful_update_leaves_nothing(world: World) -> None:
    before, address = world.pids(), world.host.api_url
    (world.home / "task-runs").touch()
    updating = threading.Thread(target=lambda: world.update(SPEC, "GRACEFUL"))
    updating.start()
    assert eventually(lambda: world.host.api_url != address)
    after = world.pids()
    (world.home / "task-runs").unlink()
    world.host.stop()
    updating.join(20)
    world.host.stop()
    assert not any(is_alive(pid) for pid in (*before.values(), *after.values()))


@pytest.mark.parametrize(
    ("version", "command", "by"),
    [("3.2.1", "db downgrade --to-version 3.2.1 --yes", "3.3.1"), ("3.3.1", "db migrate", "3.3.1")],
)
def test_other_airflow_version_takes_the_database_along(
    world: World, version: str, command: str, by: str
) -> None:
    if version == "3.3.1":
        world.update(replace(SPEC, airflow_version="3.2.1"))
        forget(world)
    world.update(replace(SPEC, airflow_version=version))
    assert world.phases == [UpdatePhase.SNAPSHOT, UpdatePhase.APPLYING]
    assert world.databases.done[-2:] == ["snapshot", "drop_snapshot"]
    assert commands(world, by) == [command]
    # The fake api-server calls all healthy at once, maybe before the scheduler has written down what it sees.
    assert eventually(lambda: world.environment_of("SchedulerJob")["AIRFLOW_VERSION"] == version)


@pytest.mark.parametrize("broken", ["migration", "component"])
def test_other_version_that_fails_gives_the_database_back(world: World, broken: str) -> None:
    if broken == "migration":
        (world.packages.of(name_of(world, "3.3.1")) / "bin" / "refuses").touch()
    spec = SPEC if broken == "migration" else replace(SPEC, config_options={"fake.broken": "api-server"})
    with pytest.raises(HostFailure, match="there is no way" if broken == "migration" else "api-server"):
        world.update(replace(spec, airflow_version="3.2.1"))
    assert world.phases == [UpdatePhase.SNAPSHOT, UpdatePhase.APPLYING, UpdatePhase.ROLLBACK]
    assert world.databases.done[-2:] == ["snapshot", "restore"]
    assert eventually(lambda: world.environment_of("SchedulerJob")["AIRFLOW_VERSION"] == "3.3.1")
    assert all(is_alive(pid) for pid in world.pids().values())
    assert world.generations() == 1


def test_version_that_fails_over_an_old_one_that_fails_too_leaves_nothing(world: World) -> None:
    program = world.packages.of(name_of(world, "3.3.1")) / "bin" / "python"
    pids = world.pids()

    def spoil(phase: UpdatePhase) -> None:
        if phase is UpdatePhase.ROLLBACK:
            program.unlink()

    (program.parent / "refuses").touch()
    with pytest.raises(NothingRunsFailure):
        world.host.update(replace(SPEC, airflow_version="3.2.1"), "FORCED", spoil)
    assert world.host.state().components == ()
    assert not any(is_alive(pid) for pid in pids.values())


def name_of(world: World, version: str) -> str:
    [found] = [folder.name for folder in world.packages.folder.iterdir() if folder.name.startswith(version)]
    return found


def commands(world: World, version: str) -> list[str]:
    return (world.packages.of(name_of(world, version)) / "bin" / "ran").read_text().splitlines()


def forget(world: World) -> None:
    world.phases.clear()
    for ran in world.packages.folder.rglob("ran"):
        ran.unlink()


def is_alive(pid: int | None) -> bool:
    return pid is not None and read_process(pid) is not None
