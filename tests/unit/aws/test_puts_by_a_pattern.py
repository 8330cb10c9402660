"""Objects that are written by the pattern of botocore's first request, on a real connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.credentials import Credentials
from urllib3 import HTTPResponse

from mwaactl.aws.fence import checked_before_sending
from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from mwaactl.errors import Conflict, DeploymentConflict, OutcomeUnknown
from tests.fakes.desired_states import sha
from tests.fakes.wire.account import WireAccount
from tests.fakes.wire.faults import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.fakes.wire.requests import Reaction, WireRequest
    from tests.fakes.wire.server import Handler

BY_NAME = {each.name: each for each in FAULTS}


@dataclass(slots=True)
class Line:
    """A line to a bucket for which botocore has already written one object; the next answers go wrong."""

    account: WireAccount = field(default_factory=WireAccount)
    wrong: list[Callable[[WireRequest, Handler], Reaction]] = field(default_factory=list)
    came: list[WireRequest] = field(default_factory=list)
    made: list[dict[str, Any]] = field(default_factory=list)
    bucket: SourceBucket = field(init=False)

    def __post_init__(self) -> None:
        self.account.aws.bucket.present = True
        self.account.server.intercept = self._answer
        self.bucket = self.new_bucket()
        self.bucket.put("dags/first.py", b"dag")
        self.came.clear()

    def new_bucket(self) -> SourceBucket:
        names = self.account.names
        client = AwsSession("us-east-1", self.account.server.url).client("s3")
        client.meta.events.register("before-call.s3", self._made_by_botocore)
        return SourceBucket(client, names.source_bucket, names.account)

    def _made_by_botocore(self, params: dict[str, Any], **_: object) -> None:
        self.made.append(params)

    def _answer(self, request: WireRequest, handle: Handler) -> Reaction:
        self.came.append(request)
        return self.wrong.pop(0)(request, handle) if self.wrong else handle(request)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a session")
    line = Line()
    line.made.clear()
    yield line
    line.account.close()


def signature_of(url: str, headers: Mapping[str, Any], body: Any) -> str:
    """Return what botocore makes of a request as it was sent."""
    signed = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = AWSRequest("PUT", url, {name: headers[name] for name in signed if name != "host"}, body)
    again.context["timestamp"] = headers["x-amz-date"]
    auth = S3SigV4Auth(Credentials("AKIAEXAMPLE", "secret", "a session"), "s3", "us-east-1")
    to_sign = auth.string_to_sign(again, auth.canonical_request(again))
    return f"Signature={auth.signature(to_sign, again)}"


@pytest.mark.parametrize("condition", ["if-match", "if-none-match"])
def test_the_request_says_what_botocore_s_own_says(line: Line, condition: str) -> None:
    for bucket, key in ((line.new_bucket(), "dags/a.py"), (line.bucket, "dags/b.py")):
        etag = line.account.aws.bucket.put(key, b"old").etag if condition == "if-match" else None
        bucket.put_if(key, b"dag", etag)

    by_botocore, by_pattern = line.came
    assert len(line.made) == 1
    assert by_botocore.body == by_pattern.body == b"dag"
    says = {name: value for name, value in by_botocore.headers.items() if name != "accept-encoding"}
    assert says.keys() == by_pattern.headers.keys() > {condition, "x-amz-security-token"}
    differ = {name for name, value in says.items() if by_pattern.headers[name] != value}
    assert differ <= {"x-amz-date", "authorization", "if-match"}


@pytest.mark.parametrize(
    ("key", "in_address"),
    [
        ("dags/a.py", "dags/a.py"),
        ("dags/sql/ü b+c~d&e=f?.sql", "dags/sql/%C3%BC%20b%2Bc~d%26e%3Df%3F.sql"),
        ("dags/50%41.py", "dags/50%2541.py"),
    ],
)
def test_the_signature_is_botocore_s(line: Line, key: str, in_address: str) -> None:
    stored = line.bucket.put(key, b"content")

    (request,) = line.came
    assert line.made == []
    url = f"{line.account.server.url}/{line.account.names.source_bucket}/{in_address}"
    assert request.headers["authorization"].endswith(signature_of(url, request.headers, request.body))
    assert stored == line.bucket.describe(key)
    assert stored.sha256 == sha("content")


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("http://s3.example", "s3.example"),
        ("http://s3.example:80", "s3.example"),
        ("https://s3.example:443", "s3.example"),
        ("https://s3.example:80", "s3.example:80"),
        ("http://[::1]:4566", "[::1]:4566"),
    ],
)
@pytest.mark.usefixtures("line")
def test_the_host_is_named_as_botocore_signs_it(endpoint: str, host: str) -> None:
    client, sent = AwsSession("us-east-1", endpoint).client("s3"), list[AWSPreparedRequest]()

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        sent.append(request)
        headers: Any = {"ETag": '"1"', "x-amz-request-id": "1"}
        return AWSResponse(request.url, 200, headers, HTTPResponse(BytesIO(), preload_content=False))

    client.meta.events.register("before-send.s3", answer)
    bucket = SourceBucket(client, "bucket", "123456789012")
    bucket.put("a", b"dag")
    bucket.put("b", b"dag")

    own: Any = sent[1].headers
    assert own["host"] == host
    assert own["authorization"].endswith(signature_of(sent[1].url, own, b"dag"))


def test_what_is_there_already_is_a_conflict(line: Line) -> None:
    with pytest.raises(Conflict, match="PutObject"):
        line.bucket.put_if("dags/first.py", b"other", None)

    assert [each.name for each in line.came] == ["s3 PutObject dags/first.py"]


def test_botocore_sends_again_what_was_refused_for_the_number_of_requests(line: Line) -> None:
    line.wrong = [BY_NAME["503 SlowDown once"].react]

    line.bucket.put("dags/a.py", b"dag")

    assert [each.name for each in line.came] == ["s3 PutObject dags/a.py"] * 2
    assert line.bucket.throttled() == 1


def test_what_was_written_although_the_answer_was_lost_is_a_conflict_with_itself(line: Line) -> None:
    line.wrong = [BY_NAME["answer lost after the effect"].react]

    with pytest.raises(Conflict):
        line.bucket.put_if("dags/a.py", b"dag", None)

    found = line.bucket.read("dags/a.py")
    assert found is not None
    assert found.content == b"dag"


def test_a_page_of_a_proxy_is_never_taken_for_an_answer(line: Line) -> None:
    line.wrong = [BY_NAME["a proxy's page"].react] * 9

    with pytest.raises(OutcomeUnknown, match="the answer does not come from AWS"):
        line.bucket.put("dags/a.py", b"dag")


def test_nothing_is_sent_once_it_must_not_be(line: Line) -> None:
    lost = DeploymentConflict("lost")

    def check() -> None:
        raise lost

    with checked_before_sending(check), pytest.raises(DeploymentConflict) as refused:
        line.bucket.put("dags/a.py", b"dag")

    assert refused.value is lost
    assert line.came == []


def test_botocore_writes_what_a_listener_changes(line: Line) -> None:
    def change(params: dict[str, Any], **_: object) -> None:
        params["CacheControl"] = "no-store"

    line.bucket.client.meta.events.register("provide-client-params.s3.PutObject", change)

    line.bucket.put("dags/a.py", b"dag")

    assert [each.headers["cache-control"] for each in line.came] == ["no-store"]
    assert len(line.made) == 1
