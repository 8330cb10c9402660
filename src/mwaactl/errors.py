"""Every failure that a user of mwaactl can meet, one class per remedy.

An error carries facts, not formatted text: the command line renders `error: …` and `hint: …` from the
attributes, and `--json` prints the same attributes. `code` is stable and meant for scripts; `message` may be
reworded at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar


class MwaactlError(Exception):
    """Root of all errors that mwaactl raises on purpose.

    Attributes:
        message: One sentence without a full stop that names the cause.
        hint: The remedy, or None where the message already holds it.
        code: Stable identifier, for example `config.unknown-key`.
        context: Facts behind the message, as text by name.
    """

    default_code: ClassVar[str] = "failed"

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.default_code
        self.context: Mapping[str, str] = MappingProxyType(dict(context or {}))


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing wrong in the configuration file.

    Attributes:
        key: Path of the key, for example `environments.prod.airflow_version`; empty for the file as a whole.
        message: What is wrong with it.
        hint: The nearest right key or value, or another remedy.
        code: Stable identifier, for example `config.unknown-key`.
    """

    key: str
    message: str
    hint: str | None = None
    code: str = "config.invalid"


class ConfigError(MwaactlError):
    """The configuration cannot be used as it is: the file must be edited, or another environment named."""

    default_code = "config.invalid"

    def __init__(
        self,
        message: str,
        *,
        file: Path | None = None,
        problems: Sequence[ConfigProblem] = (),
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        context = {"file": str(file)} if file else {}
        if problems:
            context["key"] = problems[0].key
        super().__init__(message, hint=hint, code=code, context=context)
        self.file = file
        self.problems = tuple(problems)


class ProjectError(MwaactlError):
    """A file in dags/, plugins/, requirements/ or startup/ cannot be shipped as it is."""

    default_code = "project.invalid"

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        context = {"path": path} if path else {}
        if line is not None:
            context["line"] = str(line)
        super().__init__(message, hint=hint, code=code, context=context)
        self.path = path
        self.line = line


class ServiceError(MwaactlError):
    """An AWS service refused a request or failed to answer it.

    Attributes:
        service: The service as botocore names it, for example `mwaa`.
        operation: The API operation, for example `UpdateEnvironment`.
        error_code: The service's own code, for example `ValidationException`.
        request_id: What AWS support asks for; None where no answer came.
    """

    default_code = "service.failed"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        service: str,
        operation: str,
        error_code: str,
        request_id: str | None = None,
        hint: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> None:
        facts = {"service": service, "operation": operation, "error_code": error_code}
        if request_id:
            facts["request_id"] = request_id
        super().__init__(message, hint=hint, context=facts | dict(context or {}))
        self.service = service
        self.operation = operation
        self.error_code = error_code
        self.request_id = request_id


class AccessDenied(ServiceError):  # noqa: N818 - named as the field names it
    """The caller lacks a permission; the hint names the IAM action and the resource."""

    default_code = "service.access-denied"


class NotFound(ServiceError):  # noqa: N818 - named as the field names it
    """What the request names does not exist."""

    default_code = "service.not-found"


class Throttled(ServiceError):  # noqa: N818 - named as the field names it
    """The service asks for fewer requests; the same request may be sent again later."""

    default_code = "service.throttled"
    retryable = True


class OutcomeUnknown(ServiceError):  # noqa: N818 - named as the field names it
    """No whole answer came, or the service itself failed: the request may have taken effect all the same."""

    default_code = "service.outcome-unknown"
    retryable = True


class Conflict(ServiceError):  # noqa: N818 - named as the field names it
    """The resource is busy with another change, or changed since it was read."""

    default_code = "service.conflict"


class DeploymentConflict(MwaactlError):  # noqa: N818 - named as the field names it
    """Another deployment is in the way, or has changed what this one was planned from."""

    default_code = "deploy.conflict"


class ApplyError(MwaactlError):
    """A plan was carried out in part.

    Attributes:
        action: The action that failed, as the planner made it.
        results: What the actions before it brought about, in order.
        remedy: The hint without what holds meanwhile.
        meanwhile: What holds until then, the end of the hint; untrue once the release before is back.
    """

    default_code = "apply.failed"

    def __init__(
        self,
        message: str,
        *,
        action: object | None = None,
        results: Sequence[object] = (),
        hint: str | None = None,
        meanwhile: str | None = None,
        code: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> None:
        parts = [part for part in (hint, meanwhile) if part]
        super().__init__(message, hint="; ".join(parts) or None, code=code, context=context)
        self.action = action
        self.results = tuple(results)
        self.remedy = hint
        self.meanwhile = meanwhile


class OperationError(MwaactlError):
    """Day-2 work failed: a DAG run, a log, a health probe."""

    default_code = "operation.failed"


class EmulatorError(MwaactlError):
    """The emulator cannot start, stop or answer: a port in use, an extra that is not installed."""

    default_code = "emulator.failed"
