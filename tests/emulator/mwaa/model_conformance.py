"""Whether an HTTP answer is one that botocore's model of MWAA allows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.parsers import create_parser
from botocore.validate import ParamValidator

from mwaactl.emulator.mwaa.constraints import violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import OperationModel

# MWAA's own addresses break the model's patterns too: they carry no scheme; here they carry a port. And
# what has no tags answers with none, which clients rely on, though the model wants one at least.
EXCUSED = ("webServerHostname'", "webserverUrl'", "Value '{}' at 'tags'")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> str | None:
        return self.headers.get("x-amzn-errortype")


def problems(model: OperationModel, answer: HttpAnswer) -> list[str]:
    """Return what is wrong with an answer to the operation; [] if nothing is."""
    return list(_problems(model, answer))


def _problems(model: OperationModel, answer: HttpAnswer) -> Iterator[str]:
    if answer.headers.get("content-type") != "application/json":
        yield f"content type {answer.headers.get('content-type')}"
    if not answer.headers.get("x-amzn-requestid"):
        yield "no request id"
    if answer.status == model.http["responseCode"]:
        yield from _output_problems(model, answer)
    else:
        yield from _error_problems(model, answer)


def _output_problems(model: OperationModel, answer: HttpAnswer) -> Iterator[str]:
    found: dict[str, Any] = json.loads(answer.body)
    shape: Any = model.output_shape
    if answer.error:
        yield f"a success with the error {answer.error}"
    yield from (f"unknown member {name}" for name in found if name not in shape.members)
    parsed = _parsed(answer, shape)
    report = ParamValidator().validate(parsed, shape)
    if report.has_errors():
        yield report.generate_report()
    yield from (one for one in violations(shape, parsed) if not any(part in one for part in EXCUSED))


def _error_problems(model: OperationModel, answer: HttpAnswer) -> Iterator[str]:
    declared: dict[str, Any] = {shape.name: shape for shape in model.error_shapes}
    shape = declared.get(answer.error or "")
    if shape is None:
        yield f"{answer.status} {answer.error} is not declared: {answer.body!r}"
        return
    if answer.status != shape.metadata["error"]["httpStatusCode"]:
        yield f"{answer.error} came with the status {answer.status}"
    if answer.error == "InternalServerException":
        yield f"failed: {answer.body!r}"
    if not _parsed(answer, None)["Error"]["Message"]:
        yield f"{answer.error} without a message"


def _parsed(answer: HttpAnswer, shape: Any) -> dict[str, Any]:
    response = {"status_code": answer.status, "headers": dict(answer.headers), "body": answer.body}
    parsed: dict[str, Any] = create_parser("rest-json").parse(response, shape)
    parsed.pop("ResponseMetadata")
    return parsed
