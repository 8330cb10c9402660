"""Ctrl-C at writes of a deployment: exit 130, the lock given back or told of, and the next run goes on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from functools import partial
from signal import SIGINT, pthread_kill
from threading import Event, Timer, get_ident
from typing import TYPE_CHECKING, Any, override

import pytest

from mwaactl.errors import ServiceError
from mwaactl.executor.apply import LEFT
from tests.fakes.in_memory_aws import InMemoryBucket

if TYPE_CHECKING:
    from mwaactl.observed import StoredObject
    from tests.fakes.command_line import CommandLine

LOCK = "releases/lock.json"
TOLD = (
    "the lock may be left behind: others take it over after 60 s, "
    "or `mwaactl release unlock --yes` removes it"
)
GOES_ON = "what was written stays, and what MWAA has begun goes on: run the command again"


@dataclass(slots=True)
class InterruptedBucket(InMemoryBucket):
    """Interrupts the process right after one write, and loses the network with it if it is told to.

    Attributes:
        at: The beginning of the write, for example `put dags/`; empty for none.
        offline: Whether nothing is reached from then on.
        late: Whether the write reaches the bucket only when the command has ended.
    """

    at: str = ""
    offline: bool = False
    lost: bool = False
    late: bool = False
    on_its_way: tuple[str, bytes] | None = None

    @override
    def put(self, key: str, content: bytes) -> StoredObject:
        self._reach("PutObject")
        if self.late and self.at and f"put {key}".startswith(self.at):
            self.on_its_way = key, content
            self._interrupt(f"put {key}")
        stored = InMemoryBucket.put(self, key, content)
        self._interrupt(f"put {key}")
        return stored

    @override
    def delete(self, key: str) -> None:
        self._reach("DeleteObject")
        InMemoryBucket.delete(self, key)
        self._interrupt(f"delete {key}")

    def arrive(self) -> None:
        """Carry out the write that nobody waited for."""
        assert self.on_its_way is not None
        InMemoryBucket.put(self, *self.on_its_way)

    def _interrupt(self, written: str) -> None:
        if self.at and written.startswith(self.at):
            self.at, self.lost = "", self.offline
            raise KeyboardInterrupt

    def _reach(self, operation: str) -> None:
        if self.lost:
            message = f"s3 {operation} failed: no route"
            raise ServiceError(
                message, service="s3", operation=operation, error_code="EndpointConnectionError"
            )


@pytest.fixture
def changed(mwaactl: CommandLine) -> CommandLine:
    """The small project, deployed, with changes of every kind since."""
    mwaactl.write("dags/old.csv", "1\n")
    assert mwaactl("deploy").code == 0
    (mwaactl.root / "dags" / "old.csv").unlink()
    mwaactl.write("dags/tables.py", "TABLES = (1,)\n")
    mwaactl.write("requirements/requirements.txt", "cowsay==6.0\n")
    whole = mwaactl.aws.bucket
    mwaactl.aws.bucket = InterruptedBucket(**{each.name: getattr(whole, each.name) for each in fields(whole)})
    mwaactl.aws.clock.sleep(10)
    return mwaactl


def interrupted_bucket(mwaactl: CommandLine) -> InterruptedBucket:
    bucket = mwaactl.aws.bucket
    assert isinstance(bucket, InterruptedBucket)
    return bucket


# mwaactl deploy, and Ctrl-C
@pytest.mark.parametrize(
    ("at", "began"),
    [
        ("put releases/lock.json", False),
        ("put releases/2", False),
        ("put artifacts/requirements.txt", True),
        ("put dags/tables.py", True),
        ("delete dags/old.csv", True),
        ("put releases/current.json", True),
        ("delete releases/lock.json", True),
    ],
)
def test_the_lock_is_given_back_and_the_next_deployment_goes_on(
    changed: CommandLine, at: str, *, began: bool
) -> None:
    interrupted_bucket(changed).at = at

    result = changed("deploy", "--json")

    assert result.code == 130
    assert json.loads(result.stdout)["code"] == "interrupted"
    assert LOCK not in changed.aws.bucket.objects
    assert result.stderr.endswith("interrupted\n")
    finished = at == "delete releases/lock.json"
    assert (GOES_ON in result.stderr) is (began and not finished)
    changed.aws.clock.sleep(10)
    assert changed("deploy").code == 0
    assert changed.aws.bucket.contents["dags/tables.py"] == b"TABLES = (1,)\n"
    assert "dags/old.csv" not in changed.aws.bucket.objects


# mwaactl deploy -e ENV, and Ctrl-C where the network is gone
def test_the_command_that_removes_a_lock_left_behind_is_for_the_same_environment(
    changed: CommandLine,
) -> None:
    bucket = interrupted_bucket(changed)
    bucket.at, bucket.offline = "put dags/tables.py", True

    told = changed("deploy", "-e", "local").stderr

    assert "or `mwaactl release unlock -e local --yes` removes it" in told
    bucket.lost = False
    assert changed("release", "unlock", "-e", "local", "--yes").code == 0


# mwaactl deploy, and Ctrl-C where the network is gone
@pytest.mark.parametrize("at", ["put dags/tables.py", "put releases/2"])
def test_a_lock_that_cannot_be_given_back_is_told(changed: CommandLine, at: str) -> None:
    bucket = interrupted_bucket(changed)
    bucket.at, bucket.offline = at, True

    result = changed("deploy")

    assert result.code == 130
    assert TOLD in result.stderr
    bucket.lost = False
    changed.aws.clock.sleep(61)
    again = changed("deploy")
    assert again.code == 0
    assert "took over the lock of release" in again.stderr


# mwaactl deploy, and Ctrl-C while the lock is on its way to S3
def test_a_lock_that_may_be_written_only_now_is_told(changed: CommandLine) -> None:
    bucket = interrupted_bucket(changed)
    bucket.at, bucket.late = "put releases/lock.json", True

    result = changed("deploy")
    bucket.arrive()

    assert (result.code, TOLD in result.stderr) == (130, True)
    changed.aws.clock.sleep(61)
    assert changed("deploy").code == 0


@dataclass(slots=True)
class UnansweredBucket(InMemoryBucket):
    """Interrupts the process as it answers one object, and again while it waits for the answer to another.

    Attributes:
        impatient: The thread that is interrupted; None for none.
        begun: Set when the other object is on its way.
        answers: Set when it is to be written.
    """

    impatient: int | None = None
    begun: Event = field(default_factory=Event)
    answers: Event = field(default_factory=Event)

    @override
    def put(self, key: str, content: bytes) -> StoredObject:
        if self.impatient is not None and key == "dags/first.sql":
            assert self.begun.wait(10)
            pthread_kill(self.impatient, SIGINT)
            Timer(0.3, partial(pthread_kill, self.impatient, SIGINT)).start()
        if self.impatient is not None and key == "dags/second.sql":
            self.begun.set()
            assert self.answers.wait(10)
        return InMemoryBucket.put(self, key, content)


# mwaactl deploy, and Ctrl-C twice
def test_who_does_not_wait_for_answers_leaves_lock_and_record(mwaactl: CommandLine) -> None:
    assert mwaactl("deploy").code == 0
    mwaactl.write("dags/first.sql", "select 1")
    mwaactl.write("dags/second.sql", "select 2")
    whole = mwaactl.aws.bucket
    mwaactl.aws.bucket = bucket = UnansweredBucket(
        **{each.name: getattr(whole, each.name) for each in fields(whole)}, impatient=get_ident()
    )
    mwaactl.aws.clock.sleep(10)

    result = mwaactl("deploy")

    assert (result.code, TOLD in result.stderr, LOCK in bucket.objects) == (130, True, True)
    assert LEFT in result.stderr
    (record,) = [each for each in _records(bucket) if each["state"] != "released"]
    assert record["state"] == "applying"
    bucket.impatient = None
    assert mwaactl("deploy").code == 1
    bucket.answers.set()
    mwaactl.aws.clock.sleep(61)
    assert mwaactl("deploy").code == 0
    assert bucket.contents["dags/second.sql"] == b"select 2"


def _records(bucket: InMemoryBucket) -> list[Any]:
    return [json.loads(content) for key, content in bucket.contents.items() if key.startswith("releases/2")]


# mwaactl deploy, and Ctrl-C while the promotion is on its way to S3
def test_a_release_that_may_be_promoted_only_now_is_not_recorded_as_failed(changed: CommandLine) -> None:
    bucket = interrupted_bucket(changed)
    bucket.at, bucket.late = "put releases/current.json", True

    result = changed("deploy")
    bucket.arrive()

    assert (result.code, LOCK in bucket.objects) == (130, False)
    current = json.loads(bucket.contents["releases/current.json"])
    assert json.loads(bucket.contents[f"releases/{current['id']}.json"]) == current
    changed.aws.clock.sleep(10)
    assert changed("plan").code == 0
