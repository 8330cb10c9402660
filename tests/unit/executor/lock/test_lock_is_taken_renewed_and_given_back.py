from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, override

import pytest

from mwaactl.errors import AccessDenied, Conflict, DeploymentConflict, OutcomeUnknown, ServiceError
from mwaactl.executor.lock.acquire import acquire, look, remove, sweep
from mwaactl.executor.lock.holder import KEY, Holder, Process, encode
from tests.fakes.in_memory_aws import InMemoryAws, InMemoryBucket

if TYPE_CHECKING:
    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.lock.lease import Lease
    from mwaactl.observed import StoredContent, StoredObject

WHO = "arn:aws:iam::123456789012:user/dora"
FIRST = f"release release-1 by {WHO} on build-7 since 2026-11-23 08:00:00 UTC"

LOCK = encode(Holder("t0k3n", "release-1", "eve", "now", Process("build-7", "boot-9", 99)))


@dataclass(slots=True)
class TroubledBucket(InMemoryBucket):
    """Loses answers to the next writes, or refuses them; gives a stale lock to whoever looks next."""

    lost: int = 0
    refusals: list[ServiceError] = field(default_factory=list)
    stale: StoredContent | None = None

    @override
    def put_if(self, key: str, content: bytes, etag: str | None) -> StoredObject:
        if self.refusals:
            raise self.refusals.pop(0)
        stored = InMemoryBucket.put_if(self, key, content, etag)
        if self.lost:
            self.lost -= 1
            message = "lost"
            raise OutcomeUnknown(message, service="s3", operation="PutObject", error_code="ReadTimeoutError")
        return stored

    @override
    def read(self, key: str, version_id: str | None = None) -> StoredContent | None:
        if self.stale is not None:
            found, self.stale = self.stale, None
            return found
        return InMemoryBucket.read(self, key, version_id)


@dataclass(slots=True)
class Deployers:
    """Several deployers of one account."""

    aws: InMemoryAws = field(default_factory=InMemoryAws)
    bucket: TroubledBucket = field(init=False)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.aws.bucket = self.bucket = TroubledBucket(self.aws.clock)

    def gateways(self, pid: int) -> Gateways:
        return replace(self.aws.gateways(), process=Process("build-7", "boot-1", pid))

    def acquire(self, pid: int) -> Lease:
        since = f"{self.aws.clock.now():%Y-%m-%d %H:%M:%S} UTC"
        holder = Holder(f"token-{pid}", f"release-{pid}", WHO, since, Process("build-7", "boot-1", pid))
        return acquire(self.gateways(pid), holder, self.said.append)


@pytest.fixture
def deployers() -> Deployers:
    return Deployers()


def test_whoever_comes_second_is_told_who_holds_the_lock_since_when(deployers: Deployers) -> None:
    deployers.acquire(1)
    deployers.aws.clock.sleep(20)

    with pytest.raises(DeploymentConflict) as refused:
        deployers.acquire(2)

    assert refused.value.message == f"another deployment is under way: {FIRST}"
    assert "takes over in 40 s" in (refused.value.hint or "")
    assert dict(refused.value.context)["holder"] == WHO


def test_a_lease_that_has_run_out_is_taken_over(deployers: Deployers) -> None:
    zombie = deployers.acquire(1)
    deployers.aws.clock.sleep(61)

    deployers.acquire(2).check()

    assert deployers.said == [f"took over the lock of {FIRST}, which has died"]
    with pytest.raises(DeploymentConflict, match="was lost"):
        zombie.check()


def test_a_renewed_lease_is_not_taken_over(deployers: Deployers) -> None:
    lease = deployers.acquire(1)
    lease.start()
    deployers.aws.clock.sleep(300)

    lease.check()
    with pytest.raises(DeploymentConflict, match="under way"):
        deployers.acquire(2)


def test_the_lock_of_a_dead_process_of_the_same_machine_is_taken_over_at_once(deployers: Deployers) -> None:
    deployers.acquire(1)
    deployers.aws.dead.add(Process("build-7", "boot-1", 1))

    deployers.acquire(2).check()


def test_of_two_takeovers_at_once_one_wins(deployers: Deployers) -> None:
    deployers.acquire(1)
    deployers.aws.clock.sleep(61)
    expired = deployers.bucket.read(KEY)
    first = deployers.acquire(2)
    deployers.bucket.stale = expired

    with pytest.raises(DeploymentConflict, match="release-2"):
        deployers.acquire(3)

    first.check()


def test_giving_back_leaves_a_lock_alone_that_was_taken_over(deployers: Deployers) -> None:
    zombie = deployers.acquire(1)
    deployers.aws.clock.sleep(61)
    deployers.acquire(2)

    zombie.give_back()

    held = look(deployers.gateways(3))
    assert held is not None
    assert held.holder is not None
    assert held.holder.token == "token-2"


def test_a_lock_is_given_back_although_the_answer_to_its_renewal_was_lost(deployers: Deployers) -> None:
    lease = deployers.acquire(1)
    deployers.bucket.put_if(KEY, encode(replace(lease.holder, renewals=1)), lease.etag)

    lease.give_back()

    assert look(deployers.gateways(2)) is None


def test_a_lost_answer_to_the_taking_is_no_conflict(deployers: Deployers) -> None:
    deployers.bucket.lost = 1

    deployers.acquire(1).check()

    assert look(deployers.gateways(2)) is not None


def test_a_taking_that_fails_leaves_no_lock_behind(deployers: Deployers) -> None:
    refusal = AccessDenied("denied", service="s3", operation="PutObject", error_code="AccessDenied")
    deployers.bucket.refusals = [refusal]

    with pytest.raises(AccessDenied):
        deployers.acquire(1)

    assert look(deployers.gateways(2)) is None


def test_an_interruption_right_after_a_takeover_leaves_no_lock_behind(deployers: Deployers) -> None:
    deployers.acquire(1)
    deployers.aws.clock.sleep(61)

    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    holder = Holder("token-2", "release-2", WHO, "now", Process("build-7", "boot-1", 2))
    with pytest.raises(KeyboardInterrupt):
        acquire(deployers.gateways(2), holder, interrupted)

    assert look(deployers.gateways(3)) is None


def test_conditional_writes_that_met_another_are_sent_again(deployers: Deployers) -> None:
    met = Conflict("met", service="s3", operation="PutObject", error_code="ConditionalRequestConflict")
    deployers.bucket.refusals = [met, met]

    deployers.acquire(1).check()


def test_a_failed_renewal_is_made_up_for_by_the_next(deployers: Deployers) -> None:
    lease = deployers.acquire(1)
    lease.start()
    denied = AccessDenied("no", service="s3", operation="PutObject", error_code="ExpiredToken")
    deployers.bucket.refusals = [denied, denied]

    deployers.aws.clock.sleep(44)
    lease.check()
    deployers.aws.clock.sleep(10)
    lease.check()


def test_without_renewals_the_holder_stops_before_others_may_take_over(deployers: Deployers) -> None:
    lease = deployers.acquire(1)
    deployers.aws.clock.sleep(46)

    with pytest.raises(DeploymentConflict) as lost:
        lease.check()
    with pytest.raises(DeploymentConflict, match="under way"):
        deployers.acquire(2)

    assert lost.value.code == "deploy.lock-lost"
    assert "run the command again" in (lost.value.hint or "")


def test_unlocking_leaves_a_lock_alone_that_was_renewed_meanwhile(deployers: Deployers) -> None:
    lease = deployers.acquire(1)
    held = look(deployers.gateways(2))
    assert held is not None
    lease.renew()

    with pytest.raises(DeploymentConflict, match="renewed or taken over just now"):
        remove(deployers.bucket, held)

    lease.renew()
    lease.check()


def test_sweeping_removes_what_the_dead_left_and_nothing_else(deployers: Deployers) -> None:
    deployers.acquire(1)
    sweep(deployers.gateways(2))
    assert look(deployers.gateways(2)) is not None

    deployers.aws.clock.sleep(61)
    sweep(deployers.gateways(2))
    assert look(deployers.gateways(2)) is None


@pytest.mark.parametrize(
    "content", [b"{", b"[" * 100_000, LOCK.replace(b"99", b'"99"'), LOCK.replace(b'"eve"', b"5")]
)
def test_a_lock_that_nobody_can_read_is_not_taken_over_before_it_has_run_out(
    deployers: Deployers, content: bytes
) -> None:
    deployers.bucket.put(KEY, content)

    with pytest.raises(DeploymentConflict, match="does not name"):
        deployers.acquire(1)

    deployers.aws.clock.sleep(61)
    deployers.acquire(1).check()
