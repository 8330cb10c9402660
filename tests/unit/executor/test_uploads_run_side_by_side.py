from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Barrier, Event, Lock, Timer, get_ident

import pytest

from mwaactl.aws.fence import check_before_sending
from mwaactl.aws.session import CONNECTIONS
from mwaactl.errors import ProjectError, Throttled
from mwaactl.executor.in_flight import START
from mwaactl.executor.uploads import MOST_BYTES, PAUSES, Uploads
from mwaactl.observed import StoredObject
from mwaactl.planner.actions import PutObject


def action(number: int, stage: int = 0) -> PutObject:
    return PutObject(f"dags/{number:04}.sql", "0" * 64, 1, stage, "it is new", None)


def actions(count: int, stage: int = 0) -> list[PutObject]:
    return [action(number, stage) for number in range(count)]


@dataclass
class Writer:
    """Writes nothing, and remembers who was at it when.

    Attributes:
        failing: Key to the errors that its next writes end with; one each.
        held: Keys whose writes wait until `release` is set.
        slow_downs: What the bucket has counted.
    """

    failing: dict[str, list[BaseException]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    release: Event = field(default_factory=Event)
    slow_downs: int = 0
    present: int = 0
    most: int = 0
    begun: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    awaited: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def write(self, each: PutObject) -> StoredObject:
        with self._lock:
            self.begun.append(each.key)
            self.present += 1
            self.most = max(self.most, self.present)
        try:
            if each.key in self.held:
                assert self.release.wait(10)
            if self.failing.get(each.key):
                raise self.failing[each.key].pop(0)
            with self._lock:
                self.written.append(each.key)
            return StoredObject(each.key, f"etag of {each.key}")
        finally:
            with self._lock:
                self.present -= 1

    def done(self, each: PutObject, stored: StoredObject) -> None:
        assert stored == StoredObject(each.key, f"etag of {each.key}")
        self.reported.append(each.key)

    def interrupted(self, answers: int) -> None:
        self.awaited.append(answers)

    def upload(self, objects: list[PutObject]) -> None:
        uploads = Uploads(
            self.write,
            self.done,
            lambda: self.slow_downs,
            elapsed=time.monotonic,
            sleep=self.slept.append,
            on_interrupted=self.interrupted,
            on_left=lambda: self.left.append(len(self.written)),
        )
        uploads.upload(objects)


def test_every_object_is_written_once_and_reported_in_order() -> None:
    writer, objects = Writer(), actions(500)

    writer.upload(objects)

    assert writer.reported == [each.key for each in objects]
    assert sorted(writer.written) == writer.reported


def test_requests_under_way_never_exceed_the_bound() -> None:
    together = Barrier(START)

    class Together(Writer):
        def write(self, each: PutObject) -> StoredObject:
            if each.key < action(START).key:
                together.wait(timeout=10)
            time.sleep(0.001)
            return super().write(each)

    writer = Together()
    writer.upload(actions(1500))

    assert not together.broken
    assert writer.most <= CONNECTIONS


def test_large_objects_share_the_room_and_one_that_is_larger_goes_alone() -> None:
    sizes = [MOST_BYTES // 3, 10, MOST_BYTES * 2, MOST_BYTES // 2, MOST_BYTES // 2 + 1, 0, 5, MOST_BYTES]
    objects = [replace(action(number), size=size) for number, size in enumerate(sizes * 3)]

    class Weighing(Writer):
        weight = 0

        def write(self, each: PutObject) -> StoredObject:
            with self._lock:
                self.weight += each.size
                assert each.size > MOST_BYTES or self.weight <= MOST_BYTES
                assert each.size <= MOST_BYTES or self.weight == each.size
            time.sleep(0.002)
            with self._lock:
                self.weight -= each.size
            return super().write(each)

    writer = Weighing()
    writer.upload(objects)

    assert writer.reported == [each.key for each in objects]


def test_a_slow_object_does_not_hold_up_the_others_of_its_stage() -> None:
    objects = actions(300)

    class Releasing(Writer):
        def write(self, each: PutObject) -> StoredObject:
            stored = super().write(each)
            if len(self.written) == len(objects) - 1:
                self.release.set()
            return stored

    writer = Releasing(held={objects[0].key})
    writer.upload(objects)

    assert writer.written[-1] == objects[0].key
    assert writer.reported == [each.key for each in objects]


def test_whoever_is_told_of_an_object_does_not_hold_up_the_others() -> None:
    objects = actions(300)
    all_written = Event()

    class Counting(Writer):
        def write(self, each: PutObject) -> StoredObject:
            stored = super().write(each)
            if len(self.written) == len(objects):
                all_written.set()
            return stored

        def done(self, each: PutObject, stored: StoredObject) -> None:
            assert all_written.wait(10)
            super().done(each, stored)

    writer = Counting()
    writer.upload(objects)

    assert writer.reported == [each.key for each in objects]


def test_a_stage_begins_when_the_one_before_has_ended() -> None:
    first, second = actions(100, stage=0), [action(number, stage=1) for number in range(100, 200)]
    writer = Writer()

    writer.upload([*first, *second])

    assert set(writer.written[:100]) == {each.key for each in first}
    assert set(writer.begun[:100]) == {each.key for each in first}


def test_a_failure_lets_nothing_further_begin_and_loses_nothing_that_was_written() -> None:
    objects = actions(1000)

    class Busy(Writer):
        def write(self, each: PutObject) -> StoredObject:
            time.sleep(0.002)
            return super().write(each)

    writer = Busy(failing={objects[40].key: [ProjectError("it changed", code="project.changed")]})

    with pytest.raises(ProjectError, match="it changed"):
        writer.upload(objects)

    assert len(writer.begun) < 40 + 2 * CONNECTIONS
    assert objects[40].key not in writer.reported
    assert writer.reported == sorted(writer.written)


def test_a_failure_while_others_are_reported_is_raised() -> None:
    objects, ended = actions(2), Event()
    failure = ProjectError("it changed", code="project.changed")

    class Last(Writer):
        def write(self, each: PutObject) -> StoredObject:
            if each.key == objects[0].key:
                return super().write(each)
            assert self.release.wait(10)
            Timer(0.1, ended.set).start()
            raise failure

        def done(self, each: PutObject, stored: StoredObject) -> None:
            super().done(each, stored)
            self.release.set()
            assert ended.wait(10)

    writer = Last()
    with pytest.raises(ProjectError, match="it changed"):
        writer.upload(objects)

    assert writer.reported == [objects[0].key]


def test_later_stages_do_not_begin_after_a_failure() -> None:
    first, second = actions(3, stage=0), [action(9, stage=1)]
    writer = Writer(failing={first[1].key: [ProjectError("it changed", code="project.changed")]})

    with pytest.raises(ProjectError):
        writer.upload([*first, *second])

    assert second[0].key not in writer.begun
    assert writer.reported == sorted(writer.written)


def test_an_interruption_awaits_what_is_under_way_and_reports_it() -> None:
    objects = actions(5000)

    class Interrupting(Writer):
        def write(self, each: PutObject) -> StoredObject:
            if each.key == objects[100].key:
                signal.raise_signal(signal.SIGINT)
            time.sleep(0.001)
            return super().write(each)

    writer = Interrupting()
    with pytest.raises(KeyboardInterrupt):
        writer.upload(objects)

    assert len(writer.begun) < 5000
    assert writer.present == 0
    assert writer.reported == sorted(writer.written)


@dataclass
class Unanswered(Writer):
    """Has every request sent three times; that of `fails` begins with an interruption, or fails."""

    fails: str = ""
    failure: BaseException | None = None
    sent: list[str] = field(default_factory=list)
    _told: Event = field(default_factory=Event)

    def write(self, each: PutObject) -> StoredObject:
        if each.key == self.fails and self.failure is not None:
            raise self.failure
        if each.key == self.fails:
            signal.raise_signal(signal.SIGINT)
        for _ in range(3):
            check_before_sending()
            self.sent.append(each.key)
            assert self.failure is not None or self._told.wait(10)
        return super().write(each)

    def interrupted(self, answers: int) -> None:
        super().interrupted(answers)
        self._told.set()


def test_after_an_interruption_nothing_is_sent_again() -> None:
    objects = actions(3)
    writer = Unanswered(fails=objects[2].key)

    with pytest.raises(KeyboardInterrupt):
        writer.upload(objects)

    assert sorted(writer.sent) == [each.key for each in objects]
    assert (writer.awaited, writer.reported) == ([3], [])


def test_a_second_interruption_waits_for_nothing_and_says_so() -> None:
    objects = actions(3)

    class Impatient(Writer):
        def write(self, each: PutObject) -> StoredObject:
            if each.key == objects[1].key:
                while objects[0].key not in self.begun:
                    time.sleep(0.001)
                signal.raise_signal(signal.SIGINT)
            return super().write(each)

        def interrupted(self, answers: int) -> None:
            super().interrupted(answers)
            pressing = partial(signal.pthread_kill, get_ident(), signal.SIGINT)
            Timer(0.2, pressing).start()  # while the main thread waits for the answer

    writer = Impatient(held={objects[0].key})
    with pytest.raises(KeyboardInterrupt):
        writer.upload(objects)

    assert (writer.present, len(writer.left)) == (1, 1)
    assert objects[0].key not in writer.reported
    writer.release.set()


def test_after_a_failure_what_is_under_way_may_be_sent_again() -> None:
    objects = actions(3)
    writer = Unanswered(fails=objects[2].key, failure=ProjectError("gone"))

    with pytest.raises(ProjectError):
        writer.upload(objects)

    assert sorted(writer.sent) == sorted([each.key for each in objects[:2]] * 3)
    assert (writer.awaited, writer.reported) == ([], [each.key for each in objects[:2]])


def test_what_was_refused_for_the_number_of_requests_is_written_after_a_pause() -> None:
    objects = actions(200)
    refusal = Throttled("slow down", service="s3", operation="PutObject", error_code="SlowDown")
    writer = Writer(failing={objects[7].key: [refusal]})

    writer.upload(objects)

    assert writer.slept == [1.0]
    assert writer.reported == [each.key for each in objects]


def test_a_service_that_refuses_for_good_is_given_up_after_longer_and_longer_pauses() -> None:
    objects = actions(200)
    refusals: list[BaseException] = [
        Throttled("slow down", service="s3", operation="PutObject", error_code="SlowDown")
        for _ in range(100_000)
    ]
    writer = Writer(failing={each.key: refusals for each in objects})

    with pytest.raises(Throttled, match="slow down"):
        writer.upload(objects)

    assert writer.slept == list(PAUSES)
    assert writer.reported == []


def test_answers_that_botocore_repeats_by_itself_lower_the_number_of_requests() -> None:
    objects = actions(400)

    class Complaining(Writer):
        def write(self, each: PutObject) -> StoredObject:
            with self._lock:
                self.slow_downs += 1
                if len(self.begun) == 200:
                    self.most = self.present
            return super().write(each)

    writer = Complaining()
    writer.upload(objects)

    assert writer.most <= 2
    assert writer.reported == [each.key for each in objects]
