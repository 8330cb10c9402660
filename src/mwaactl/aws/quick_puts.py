"""Writes objects by the pattern of a request that botocore has made, and leaves to botocore what fails.

Whoever listens to botocore's events of a request hears of these requests too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from threading import local
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

from mwaactl.aws.put_pattern import PutPattern, Signing
from mwaactl.aws.quick_exchange import QuickExchange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
    from botocore.model import OperationModel
    from botocore.signers import RequestSigner
    from mypy_boto3_s3 import S3Client

_OPERATION = "s3.PutObject"
_HEADERS = {"ChecksumSHA256": "x-amz-checksum-sha256", "IfMatch": "if-match", "IfNoneMatch": "if-none-match"}


@dataclass(slots=True)
class QuickPuts:
    """PutObject requests to one bucket.

    Where one is not answered by success, botocore gets the answer, or the failure of the connection, as that
    to its own first attempt: it alone says what is sent again, after which pause and how often, and which
    error that is.

    Attributes:
        client: botocore's, for one bucket only.
    """

    client: S3Client
    _pattern: PutPattern | None = None
    _exchange: QuickExchange | None = None
    _of_thread: local = field(default_factory=local)

    def __post_init__(self) -> None:
        self.client.meta.events.register(f"before-sign.{_OPERATION}", self._see)
        self.client.meta.events.register_first(f"before-send.{_OPERATION}", self._first_answer)

    def put(self, asked: Mapping[str, Any]) -> Mapping[str, str] | None:
        """Write an object, and return the headers of the answer; None if botocore is to do it.

        Args:
            asked: botocore's parameters for it.
        """
        pattern = self._pattern
        if pattern is None or not self._are_left_alone(asked):
            return None
        request = pattern.request(asked["Key"], asked["Body"], _headers(asked))
        answer = self._answer(request) if request else None
        return self._looked_at(answer) if answer else None

    def learn(self, key: str) -> None:
        """Take the pattern from the request with which botocore has just written an object.

        Args:
            key: The object's key.
        """
        seen: tuple[AWSRequest, Signing] | None = getattr(self._of_thread, "seen", None)
        if self._pattern is None and seen is not None:
            self._pattern = PutPattern.of(seen[0], key, seen[1])
            self._exchange = QuickExchange.to(str(seen[0].url), self._connections)

    def _answer(self, request: AWSPreparedRequest) -> AWSResponse | None:
        try:
            heard = self.client.meta.events.emit(f"before-send.{_OPERATION}", request=request)
            told: AWSResponse | None = next((told for _, told in heard if told is not None), None)
            answer: AWSResponse = told or self._send(request)
        except BotoCoreError as failure:
            self._of_thread.first = failure
            return None
        if answer.status_code == HTTPStatus.OK and "etag" in answer.headers:
            return answer
        self._of_thread.first = answer
        return None

    def _send(self, request: AWSPreparedRequest) -> Any:  # noqa: ANN401  botocore has no types
        answer = self._exchange.send(request) if self._exchange else None
        return answer or self._connections.send(request)

    def _are_left_alone(self, asked: Mapping[str, Any]) -> bool:
        """Tell those who may change parameters of theirs; botocore is to write what they change."""
        params = dict(asked)
        heard = self.client.meta.events.emit(
            f"provide-client-params.{_OPERATION}", params=params, model=self._model, context={}
        )
        return params == asked and all(told is None for _, told in heard)

    @property
    def _model(self) -> OperationModel:
        return self.client.meta.service_model.operation_model("PutObject")

    @property
    def _connections(self) -> Any:  # noqa: ANN401  botocore has no types
        return self.client._endpoint.http_session  # type: ignore[attr-defined]  # noqa: SLF001  it knows proxies and certificates

    def _looked_at(self, answer: AWSResponse) -> Mapping[str, str]:
        """Let those see the answer who look at each before botocore reads it."""
        headers: Mapping[str, str] = answer.headers
        self.client.meta.events.emit(
            f"before-parse.{_OPERATION}",
            operation_model=self._model,
            response_dict={"status_code": answer.status_code, "headers": headers, "body": answer.content},
            customized_response_dict={},
        )
        return headers

    def _see(self, request: AWSRequest, request_signer: RequestSigner, **told: Any) -> None:  # noqa: ANN401
        if self._pattern is None:
            own = request.context.get("signing", {})
            name = own.get("signing_name") or told["signing_name"]
            region = own.get("region") or told["region_name"]
            self._of_thread.seen = (request, Signing(request_signer, name, region, told["signature_version"]))

    def _first_answer(self, **_: object) -> Any:  # noqa: ANN401  botocore's types know of no answer
        first: AWSResponse | BotoCoreError | None = getattr(self._of_thread, "first", None)
        self._of_thread.first = None
        if isinstance(first, BotoCoreError):
            raise first
        return first


def _headers(asked: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the headers that carry what is asked for one object alone."""
    metadata = {f"x-amz-meta-{name}": value for name, value in asked["Metadata"].items()}
    return {_HEADERS[name]: value for name, value in asked.items() if name in _HEADERS} | metadata
