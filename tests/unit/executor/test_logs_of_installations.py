"""Logs as MWAA's images write them: pip's lines behind `[INFO] - `, and no closing line after a failure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mwaactl.aws.logs import LogStream
from mwaactl.errors import ApplyError
from mwaactl.executor.pip_log import Failed, Idle, Installed, Unfinished, failed_package, outcome_of
from mwaactl.executor.requirements_log import verify_requirements
from tests.fakes.in_memory_aws import START, InMemoryAws

if TYPE_CHECKING:
    from mwaactl.executor.gateways import Gateways
    from tests.fakes.in_memory_aws import FakeClock

GROUPS = ("airflow-flights-prod-Scheduler", "airflow-flights-prod-Worker", "airflow-flights-prod-WebServer")
FORCED = (
    "[WARNING] - WARNING: Constraints should be specified for requirements.txt. Please see https://docs",
    "[WARNING] - Forcing local constraints",
)
WORKING = (*FORCED, "[INFO] - Collecting pandas==3.0.5", "[INFO] -   Downloading pandas-3.0.5.whl (12 MB)")
DONE = (*WORKING, "[INFO] - Successfully installed pandas-3.0.5", "[INFO] - [notice] A new release of pip")
ABSENT = (
    *FORCED,
    "[INFO] - ERROR: Could not find a version that satisfies the requirement nope==9 (from versions: none)",
    "[INFO] - ERROR: No matching distribution found for nope==9",
)
CONFLICT = (
    *FORCED,
    "[INFO] - Collecting awscli==1.40.0",
    "[INFO] - ERROR: Cannot install -r requirements.txt (line 2) because these package versions conflict.",
    "[INFO] - ",
    "[INFO] - The conflict is caused by:",
    "[INFO] -     awscli 1.40.0 depends on botocore==1.38.1",
    "[INFO] -     The user requested (constraint) botocore==1.43.56",
    "[INFO] - ",
    "[INFO] - To fix this you could try to:",
    "[INFO] - ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/",
)
TAMPERED = (
    "[INFO] - ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    "[INFO] -     cowsay==6.1 from https://user:hunter2@host/cowsay.whl (from -r r.txt (line 1)):",
    "[INFO] -         Expected sha256 aaaa",
    "[INFO] -              Got        bbbb",
)
BROKEN = (
    *WORKING,
    "[INFO] - ERROR: pip's dependency resolver does not currently take into account all the packages.",
    "[INFO] - flask 3.1.3 requires werkzeug>=3.1, but you have werkzeug 2.0 which is incompatible.",
    "[INFO] - Successfully installed werkzeug-2.0",
)


@dataclass(slots=True)
class GrowingLogs:
    """Streams whose lines depend on the time: each is (created, [(seconds after START, lines)])."""

    clock: FakeClock
    streams_of: dict[tuple[str, str], tuple[datetime, list[tuple[int, tuple[str, ...]]]]] = field(
        default_factory=dict
    )

    def add(self, kind: str, *states: tuple[int, tuple[str, ...]], created: datetime = START) -> None:
        group = f"airflow-flights-prod-{kind}"
        number = sum(of == group for of, _ in self.streams_of)
        self.streams_of[group, f"requirements_install_ip-10-0-0-{number}_1.log"] = (created, list(states))

    def streams(self, group: str, prefix: str, *, since: datetime | None = None) -> tuple[LogStream, ...]:
        assert since is not None
        return tuple(
            LogStream(name, int(created.timestamp() * 1000))
            for (of, name), (created, _) in self.streams_of.items()
            if of == group and name.startswith(prefix) and created >= since
        )

    def lines(self, group: str, stream: str, *, last: int = 1000) -> tuple[str, ...]:
        now = (self.clock.now() - START).total_seconds()
        _, states = self.streams_of[group, stream]
        return next((lines for second, lines in reversed(states) if second <= now), ())[-last:]


@dataclass(slots=True)
class World:
    aws: InMemoryAws
    logs: GrowingLogs

    def verify(self, since: datetime = START) -> int:
        gateways: Gateways = replace(self.aws.gateways(), logs=self.logs)
        return verify_requirements(GROUPS, since, gateways)

    @property
    def waited(self) -> float:
        return sum(self.aws.clock.slept)


@pytest.fixture
def world() -> World:
    aws = InMemoryAws()
    return World(aws, GrowingLogs(aws.clock))


def _refused(world: World) -> ApplyError:
    with pytest.raises(ApplyError) as caught:
        world.verify()
    return caught.value


def test_pip_that_ended_well_in_every_component_is_counted(world: World) -> None:
    for kind in ("Scheduler", "Scheduler", "Worker", "WebServer"):
        world.logs.add(kind, (0, DONE))
    assert world.verify() == 4
    assert world.waited == 0


def test_pip_that_is_at_work_is_waited_for(world: World) -> None:
    world.logs.add("Worker", (0, DONE))
    world.logs.add("Scheduler", (0, WORKING), (301, DONE))
    assert world.verify() == 2
    assert world.waited == pytest.approx(303)


def test_pip_that_fails_later_is_not_passed(world: World) -> None:
    world.logs.add("Worker", (0, WORKING), (120, ABSENT))
    assert "installation of `nope==9` failed: Could not find a version" in _refused(world).message


def test_pip_that_does_not_end_in_nine_minutes_fails_the_deployment(world: World) -> None:
    world.logs.add("Worker", (0, WORKING))
    error = _refused(world)
    assert error.message == (
        "the environment runs without its requirements: pip did not end within 9 minutes, after which MWAA "
        "stops it; its log ends with: Downloading pandas-3.0.5.whl (12 MB)"
    )
    assert error.code == "apply.requirements-failed"
    assert 540 <= world.waited <= 660


def test_a_log_that_ended_long_ago_without_an_end_is_not_waited_for(world: World) -> None:
    created = START - timedelta(minutes=20)
    world.logs.add("Worker", (0, WORKING), created=created)
    with pytest.raises(ApplyError, match="did not end within 9 minutes"):
        world.verify(created)
    assert world.waited <= 66


def test_a_log_that_goes_on_for_ever_is_given_up(world: World) -> None:
    states = [(second, (*WORKING, f"[INFO] - line {second}")) for second in range(0, 3000, 3)]
    world.logs.add("Worker", *states)
    assert "did not end within 9 minutes" in _refused(world).message
    assert world.waited <= 720


def test_a_failure_of_all_components_is_reported_once(world: World) -> None:
    for kind in ("Scheduler", "Worker", "WebServer"):
        world.logs.add(kind, (0, ABSENT))
    error = _refused(world)
    assert error.message == (
        "the environment runs without its requirements: installation of `nope==9` failed: Could not find a "
        "version that satisfies the requirement nope==9 (from versions: none) (3 of 3 logs say so)"
    )
    assert error.context["log_group"] == "airflow-flights-prod-Scheduler"
    assert (
        error.context["log_excerpt"].splitlines()[-1] == "ERROR: No matching distribution found for nope==9"
    )


def test_a_failure_in_one_component_says_that_it_is_one(world: World) -> None:
    world.logs.add("Scheduler", (0, DONE))
    world.logs.add("Worker", (0, ABSENT))
    assert _refused(world).message.endswith("(1 of 2 logs say so)")


def test_a_conflict_is_told_in_one_paragraph(world: World) -> None:
    world.logs.add("Worker", (0, CONFLICT))
    assert _refused(world).message == (
        "the environment runs without its requirements: installation failed: awscli 1.40.0 depends on "
        "botocore==1.38.1, but the constraints say botocore==1.43.56"
    )


def test_a_tampered_package_is_named_without_the_index_s_password(world: World) -> None:
    world.logs.add("Worker", (0, TAMPERED))
    error = _refused(world)
    assert "installation of `cowsay==6.1` failed" in error.message
    assert "Got        bbbb" in error.context["log_excerpt"]
    assert "hunter2" not in error.message + error.context["log_excerpt"]


def test_packages_that_no_longer_fit_together_fail_the_deployment(world: World) -> None:
    world.logs.add("Worker", (0, BROKEN))
    error = _refused(world)
    assert error.code == "apply.requirements-broken"
    assert error.message == (
        "pip installed the requirements and broke what is there: flask 3.1.3 requires werkzeug>=3.1, but you "
        "have werkzeug 2.0 which is incompatible"
    )


def test_a_log_of_an_earlier_update_does_not_count(world: World) -> None:
    world.logs.add("Worker", (0, ABSENT), created=START - timedelta(minutes=30))
    world.logs.add("Worker", (0, DONE))
    assert world.verify() == 1


def test_without_a_log_nothing_is_verified(world: World) -> None:
    world.logs.add("Worker", (0, ABSENT), created=START - timedelta(seconds=1))
    assert world.verify() == 0
    assert world.waited <= 12


def test_a_log_that_comes_late_is_read(world: World) -> None:
    world.aws.clock.moment = START - timedelta(seconds=5)
    world.logs.add("Worker", (0, DONE))
    assert world.verify(START - timedelta(seconds=5)) == 1


def test_requirements_that_are_all_there_are_installed(world: World) -> None:
    world.logs.add(
        "Worker", (0, (*FORCED, "[INFO] - Requirement already satisfied: boto3 in /usr/local (1)"))
    )
    assert world.verify() == 1
    assert world.waited <= 24


def test_pip_that_wrote_nothing_at_all_had_nothing_to_install_once_its_time_is_over(world: World) -> None:
    world.logs.add("Worker", (0, FORCED))
    assert world.verify() == 1
    assert world.waited >= 540


def test_a_time_over_that_mwaa_logs_is_a_failure(world: World) -> None:
    world.logs.add("Worker", (0, (*WORKING, "ERROR: pip installation was stopped after 9 minutes")))
    assert "failed: pip installation was stopped after 9 minutes" in _refused(world).message


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (DONE, Installed()),
        ((), Idle(satisfied=False)),
        (FORCED, Idle(satisfied=False)),
        (("Requirement already satisfied: a",), Idle(satisfied=True)),
        (("Resolved 1 package in 3ms", " + a==1", "Successfully installed a-1"), Installed()),
    ],
)
def test_a_log_has_an_outcome(lines: tuple[str, ...], expected: Installed | Idle) -> None:
    assert outcome_of(lines) == expected


def test_an_error_after_an_earlier_success_counts() -> None:
    assert isinstance(outcome_of((*DONE, *ABSENT)), Failed)


def test_progress_is_left_out_of_the_excerpt() -> None:
    outcome = outcome_of([*WORKING, *(f"[INFO] - Collecting a{number}" for number in range(50))])
    assert isinstance(outcome, Unfinished)
    assert outcome.excerpt == (FORCED[0].removeprefix("[WARNING] - "), "Forcing local constraints")


def test_mwaa_s_own_closing_line_does_not_hide_the_reason() -> None:
    outcome = outcome_of(
        ("ERROR: pip installation exited with a non-zero error code. This could", "ERROR: why")
    )
    assert isinstance(outcome, Failed)
    assert outcome.cause == "why"


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("ERROR: No matching distribution found for nope==9", "nope==9"),
        (
            "ERROR: Could not find a version that satisfies the requirement nope==9 (from versions: 1)",
            "nope==9",
        ),
        ("ERROR: Cannot install a==1 and b==2 because these package versions conflict", "a==1 and b==2"),
        ("    cowsay==6.1 from https://example.invalid/cowsay.whl:", "cowsay==6.1"),
        ("error: Failed to download `cowsay==6.1`", "cowsay==6.1"),
        ("  cause: Hash mismatch for `cowsay==6.1`", "cowsay==6.1"),
        ("ERROR: Failed building wheel for cowsay", "cowsay"),
        ("Successfully installed cowsay-6.1", None),
    ],
)
def test_the_blamed_package_is_found(line: str, package: str | None) -> None:
    assert failed_package(line) == package
