"""What a network makes of answers, on a real connection to a server that misbehaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mwaactl.aws.clock import AwsClock
from mwaactl.aws.cloudformation import Stacks
from mwaactl.aws.fence import checked_before_sending
from mwaactl.aws.logs import LogGroups
from mwaactl.aws.mwaa import Environments
from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from mwaactl.aws.sts import Identity
from mwaactl.errors import DeploymentConflict, OutcomeUnknown, ServiceError
from tests.fakes.wire.account import WireAccount
from tests.fakes.wire.faults import FAULTS
from tests.fakes.wire.requests import NoAnswer, WireAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.wire.requests import Reaction, WireRequest
    from tests.fakes.wire.server import Handler

BY_NAME = {each.name: each for each in FAULTS}


@dataclass(slots=True)
class Line:
    """A line to an account, on which the next answers go wrong."""

    account: WireAccount = field(default_factory=WireAccount)
    wrong: list[Callable[[WireRequest, Handler], Reaction]] = field(default_factory=list)
    came: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account.aws.bucket.present = True
        self.account.server.intercept = self._answer

    def session(self, **options: AwsClock | float) -> AwsSession:
        return AwsSession("us-east-1", self.account.server.url, **options)  # type: ignore[arg-type]

    def bucket(self) -> SourceBucket:
        names = self.account.names
        return SourceBucket(self.session().client("s3"), names.source_bucket, names.account)

    def _answer(self, request: WireRequest, handle: Handler) -> Reaction:
        self.came.append(request.name)
        return self.wrong.pop(0)(request, handle) if self.wrong else handle(request)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.account.close()


@pytest.mark.parametrize("fault", ["truncated answer", "reset within the answer", "corrupt content"])
def test_a_content_that_breaks_off_is_read_again(line: Line, fault: str) -> None:
    bucket = line.bucket()
    bucket.put("artifacts/startup.sh", b"a script")
    line.wrong = [BY_NAME[fault].react] * 2

    found = bucket.read("artifacts/startup.sh")

    assert found is not None
    assert found.content == b"a script"


def test_a_refusal_that_breaks_off_is_asked_for_again(line: Line) -> None:
    line.wrong = [BY_NAME["reset within the answer"].react] * 2

    assert line.bucket().read("releases/lock.json") is None
    assert line.came == ["s3 GetObject releases/lock.json"] * 3


def test_a_refusal_that_always_breaks_off_is_an_error_with_a_remedy(line: Line) -> None:
    line.wrong = [BY_NAME["reset within the answer"].react] * 3

    with pytest.raises(OutcomeUnknown, match="failed: the answer broke off") as failed:
        line.bucket().read("releases/lock.json")

    assert "run the command again" in (failed.value.hint or "")


def test_a_content_that_always_breaks_off_is_an_error_with_a_remedy(line: Line) -> None:
    bucket = line.bucket()
    bucket.put("artifacts/startup.sh", b"a script")
    line.wrong = [BY_NAME["truncated answer"].react] * 3

    with pytest.raises(OutcomeUnknown) as failed:
        bucket.read("artifacts/startup.sh")

    assert failed.value.message.endswith("/artifacts/startup.sh` failed: the answer broke off")
    assert "run the command again" in (failed.value.hint or "")


def test_a_listing_that_breaks_off_is_asked_for_again_and_never_taken_for_a_short_one(line: Line) -> None:
    bucket = line.bucket()
    for key in ("dags/a.py", "dags/b.py"):
        bucket.put(key, b"dag")
    line.wrong = [BY_NAME["truncated answer"].react, lambda *_: cut_to_nothing(line)]

    assert [each.key for each in bucket.list("dags/")] == ["dags/a.py", "dags/b.py"]


def cut_to_nothing(line: Line) -> Reaction:
    from tests.fakes.wire.requests import CutAnswer

    assert line.came
    return CutAnswer(WireAnswer(body=b"<ListBucketResult/>"), 0)


def test_a_long_listing_is_complete(line: Line) -> None:
    bucket = line.bucket()
    keys = [f"dags/{number:04}.py" for number in range(2100)]
    for key in keys:
        line.account.aws.bucket.put(key, b"")

    assert [each.key for each in bucket.list("dags/", after="dags/0000.py")] == keys[1:]
    assert len(line.came) == 3


@pytest.mark.parametrize(
    "ask",
    [
        lambda line: line.bucket().exists(),
        lambda line: list(line.bucket().list("dags/")),
        lambda line: line.bucket().describe("dags/a.py"),
        lambda line: line.bucket().read("dags/a.py"),
        lambda line: line.bucket().put("dags/a.py", b""),
        lambda line: line.bucket().delete("dags/a.py"),
        lambda line: Stacks(line.session().client("cloudformation")).find("stack"),
        lambda line: Environments(line.session().client("mwaa")).find("environment"),
        lambda line: LogGroups(line.session().client("logs")).streams("group", "prefix"),
        lambda line: Identity(line.session().client("sts")).caller(),
    ],
)
def test_a_page_of_a_proxy_is_never_taken_for_an_answer(line: Line, ask: Callable[[Line], object]) -> None:
    line.wrong = [BY_NAME["a proxy's page"].react] * 9

    with pytest.raises(OutcomeUnknown) as failed:
        ask(line)

    assert failed.value.message.endswith(" failed: the answer does not come from AWS")
    assert "proxy" in (failed.value.hint or "")


def test_silence_ends_the_request(line: Line) -> None:
    client = line.session(read_timeout=0.05).client("s3")
    line.wrong = [lambda *_: NoAnswer(after=0.2)] * 9
    bucket = SourceBucket(client, line.account.names.source_bucket, line.account.names.account)

    with pytest.raises(OutcomeUnknown, match="no answer came in time"):
        bucket.describe("dags/a.py")


def test_an_endpoint_that_nobody_listens_at_names_it(line: Line) -> None:
    session = AwsSession("us-east-1", "http://127.0.0.1:1")

    with pytest.raises(ServiceError, match="Could not connect") as failed:
        Identity(session.client("sts")).caller()

    assert "endpoint_url" in (failed.value.hint or "")
    assert line.came == []


def test_the_check_is_made_before_each_repetition(line: Line) -> None:
    line.wrong = [BY_NAME["503 SlowDown once"].react] * 3
    bucket, lost = line.bucket(), DeploymentConflict("lost")

    def check() -> None:
        if line.came:
            raise lost

    with checked_before_sending(check), pytest.raises(DeploymentConflict) as refused:
        bucket.put("dags/a.py", b"dag")

    assert refused.value is lost
    assert line.came == ["s3 PutObject dags/a.py"]
    line.wrong = []
    bucket.put("dags/a.py", b"dag")


@pytest.mark.parametrize("error", [timedelta(hours=1), timedelta(hours=-1), timedelta(seconds=1)])
def test_a_wrong_clock_is_put_right_by_the_first_answer(line: Line, error: timedelta) -> None:
    clock = AwsClock(lambda: datetime.now(UTC) + error)
    before = clock.now()

    Identity(line.session(clock=clock).client("sts")).caller()

    assert abs(before - datetime.now(UTC) - error) < timedelta(seconds=30)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=30)


def test_who_the_caller_is_is_asked_once(line: Line) -> None:
    identity = Identity(line.session().client("sts"))

    assert identity.caller() == identity.caller()
    assert [each.partition(" ")[0] for each in line.came] == ["sts"]
