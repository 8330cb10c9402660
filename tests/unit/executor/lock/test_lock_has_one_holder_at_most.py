"""Whatever several deployers do and whatever happens to them: never two at once may write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, override

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mwaactl.errors import DeploymentConflict, MwaactlError, OutcomeUnknown
from mwaactl.executor.lock.acquire import acquire, look, remove, sweep
from mwaactl.executor.lock.holder import Holder, Process
from tests.fakes.examples import examples
from tests.fakes.in_memory_aws import InMemoryAws, InMemoryBucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.lock.lease import Lease
    from mwaactl.observed import StoredObject

DEPLOYERS = range(4)


@dataclass(slots=True)
class LossyBucket(InMemoryBucket):
    """A bucket whose next answers to writes do not arrive.

    Attributes:
        lost: How many answers are lost although the request takes effect.
        unsent: How many requests never arrive.
    """

    lost: int = 0
    unsent: int = 0

    @override
    def put_if(self, key: str, content: bytes, etag: str | None) -> StoredObject:
        if self.unsent:
            self.unsent -= 1
            raise unknown()
        stored = InMemoryBucket.put_if(self, key, content, etag)
        if self.lost:
            self.lost -= 1
            raise unknown()
        return stored


def unknown() -> OutcomeUnknown:
    return OutcomeUnknown("lost", service="s3", operation="PutObject", error_code="ReadTimeoutError")


@dataclass(slots=True)
class Deployer:
    """A process that may be stopped, so that nothing in it happens any more."""

    number: int
    stopped: bool = False
    lease: Lease | None = None

    def may_write(self) -> bool:
        if self.lease is None:
            return False
        try:
            self.lease.check()
        except DeploymentConflict:
            return False
        return True


@dataclass(slots=True)
class World:
    aws: InMemoryAws = field(default_factory=InMemoryAws)
    deployers: list[Deployer] = field(default_factory=lambda: [Deployer(each) for each in DEPLOYERS])

    def __post_init__(self) -> None:
        self.aws.bucket = LossyBucket(self.aws.clock)

    def gateways(self, deployer: Deployer) -> Gateways:
        def repeat(seconds: float, work: Callable[[], None]) -> Callable[[], None]:
            return self.aws.clock.repeat(seconds, lambda: None if deployer.stopped else work())

        process = Process("laptop", "boot-1", deployer.number)
        return replace(self.aws.gateways(), repeat=repeat, process=process)


class LockMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.world = World()

    def running(self, number: int) -> Deployer | None:
        deployer = self.world.deployers[number]
        return None if deployer.stopped else deployer

    @rule(number=st.sampled_from(DEPLOYERS))
    def acquire(self, number: int) -> None:
        deployer = self.running(number)
        if deployer is None or deployer.lease is not None:
            return
        gateways = self.world.gateways(deployer)
        token = f"{deployer.number}-{self.world.aws.bucket.versions}"
        holder = Holder(token, "release", "dora", "now", gateways.process)
        try:
            deployer.lease = acquire(gateways, holder, lambda _: None)
        except MwaactlError:
            return
        deployer.lease.start()

    @rule(number=st.sampled_from(DEPLOYERS))
    def give_back(self, number: int) -> None:
        deployer = self.running(number)
        if deployer is not None and deployer.lease is not None:
            deployer.lease.give_back()
            deployer.lease = None

    @rule(number=st.sampled_from(DEPLOYERS))
    def stop_or_go_on(self, number: int) -> None:
        deployer = self.world.deployers[number]
        deployer.stopped = not deployer.stopped

    @rule(number=st.sampled_from(DEPLOYERS))
    def die(self, number: int) -> None:
        """End a process; another one, with a number of its own, may come in its place."""
        deployer = self.world.deployers[number]
        self.world.aws.dead.add(Process("laptop", "boot-1", deployer.number))
        deployer.stopped = True
        self.world.deployers[number] = Deployer(deployer.number + len(DEPLOYERS))

    @rule(seconds=st.floats(0.5, 90))
    def pass_time(self, seconds: float) -> None:
        self.world.aws.clock.sleep(seconds)

    @rule(lost=st.integers(0, 2), unsent=st.integers(0, 2))
    def lose_answers(self, lost: int, unsent: int) -> None:
        bucket = self.world.aws.bucket
        assert isinstance(bucket, LossyBucket)
        bucket.lost, bucket.unsent = lost, unsent

    @precondition(lambda self: look(self.world.aws.gateways()) is not None)
    @rule()
    def unlock_what_has_expired(self) -> None:
        gateways = self.world.aws.gateways()
        held = look(gateways)
        if held is not None and held.expired:
            remove(gateways.bucket, held)

    @rule()
    def sweep(self) -> None:
        sweep(self.world.aws.gateways())

    @invariant()
    def one_may_write_at_most(self) -> None:
        assert sum(each.may_write() for each in self.world.deployers) <= 1


TestLock = LockMachine.TestCase
TestLock.settings = settings(max_examples=examples(60), stateful_step_count=40, deadline=None)
