"""The in-memory AWS with a bucket of moto's: requests are made as for S3, and recorded as they are sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, override

from mwaactl.aws.s3 import SourceBucket
from mwaactl.aws.session import AwsSession
from tests.fakes.desired_states import NAMES
from tests.fakes.in_memory_aws import InMemoryAws
from tests.fakes.parsing_airflow import ParsingAirflow

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest

    from mwaactl.executor.gateways import Gateways


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went out: method, URL, and its headers in lower case."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(slots=True)
class S3InMoto(InMemoryAws):
    """To be made within `mock_aws`; the bucket exists, and Airflow parses what lies in it.

    Attributes:
        sent: Requests of the deployments, oldest first.
        client: What deployments use.
        observer: What tests use.
        stored: What lies in the bucket.
    """

    sent: list[Sent] = field(default_factory=list)
    client: Any = field(init=False)
    observer: Any = field(init=False)
    stored: StoredContents = field(init=False)

    @override
    def __post_init__(self) -> None:
        InMemoryAws.__post_init__(self)
        session = AwsSession("us-east-1")
        self.client = session.client("s3")
        self.observer = session.client("s3")
        self.observer.create_bucket(Bucket=NAMES.source_bucket)
        self.observer.put_bucket_versioning(
            Bucket=NAMES.source_bucket, VersioningConfiguration={"Status": "Enabled"}
        )
        self.client.meta.events.register("before-send.s3", self._record)
        self.stored = StoredContents(self.observer)
        self.airflow = ParsingAirflow(self.stored, self.clock)

    @override
    def gateways(self) -> Gateways:
        bucket = SourceBucket(self.client, NAMES.source_bucket, NAMES.account)
        return replace(InMemoryAws.gateways(self), bucket=bucket)

    def versions(self) -> list[tuple[str, str]]:
        """Return key and version of everything that was ever written."""
        found = self.observer.list_object_versions(Bucket=NAMES.source_bucket)
        return sorted((each["Key"], each["VersionId"]) for each in found["Versions"])

    def taken(self) -> list[Sent]:
        """Return the requests since the last call."""
        taken, self.sent[:] = list(self.sent), []
        return taken

    def _record(self, request: AWSPreparedRequest, **_: object) -> None:
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        self.stored.kept = None if request.method in ("PUT", "DELETE") else self.stored.kept
        self.sent.append(Sent(request.method or "", request.url or "", headers))


@dataclass(slots=True)
class StoredContents:
    """What lies in the bucket, read past the recorded client, and again only after a write."""

    client: Any
    kept: dict[str, bytes] | None = None

    @property
    def contents(self) -> dict[str, bytes]:
        if self.kept is None:
            listed = self.client.list_objects_v2(Bucket=NAMES.source_bucket).get("Contents", ())
            self.kept = {each["Key"]: self._content(each["Key"]) for each in listed}
        return self.kept

    def _content(self, key: str) -> bytes:
        content: bytes = self.client.get_object(Bucket=NAMES.source_bucket, Key=key)["Body"].read()
        return content


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
