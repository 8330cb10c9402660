"""PutFunctionEventInvokeConfig and its relatives: how a function's asynchronous invocations are treated."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import EventInvokeConfig

from mwaactl.emulator.authorization.service_access import role_may
from mwaactl.emulator.functions.retry_rules import (
    DEFAULT_EVENT_AGE,
    DEFAULT_RETRIES,
    AsynchronousSettings,
)

if TYPE_CHECKING:
    from mwaactl.emulator.functions.models import ProcessFunction

_ACTIONS = {
    "sqs": ("sqs:SendMessage", "SendMessage"),
    "sns": ("sns:Publish", "Publish"),
    "lambda": ("lambda:InvokeFunction", "InvokeFunction"),
    "events": ("events:PutEvents", "PutEvents"),
    "s3": ("s3:PutObject", "PutObject"),
}
_DEAD_LETTER_SERVICES = ("sqs", "sns")
_SERVICE_AT = 2


class KeptConfig(EventInvokeConfig):
    """moto's configuration with the time as the API gives it."""

    def __init__(self, arn: str, config: dict[str, Any]) -> None:
        super().__init__(arn, "", config)
        self.changed_at = time.time()

    def response(self) -> dict[str, Any]:
        """Return what the API shows."""
        return super().response() | {"LastModified": self.changed_at}


def put_config(
    function: "ProcessFunction", config: Mapping[str, Any], qualifier: str | None
) -> dict[str, Any]:
    """Keep a configuration in the place of the old one, and return it as the API shows it.

    Raises:
        LambdaClientError: it is not valid, or the role may not reach a destination.
    """
    kept = {name: value for name, value in config.items() if value is not None}
    destinations = kept.get("DestinationConfig") or {}
    for outcome in ("OnSuccess", "OnFailure"):
        arn = (destinations.get(outcome) or {}).get("Destination")
        if arn:
            _refuse_destination(function.role, outcome, arn)
    arn = f"{function.definition().arn.removesuffix(':' + str(function.version))}:{qualifier or '$LATEST'}"
    made = KeptConfig(arn, kept)
    function.event_invoke_config = [made]
    return made.response()


def update_config(
    function: "ProcessFunction", config: Mapping[str, Any], qualifier: str | None
) -> dict[str, Any]:
    """Change the members that are given, and keep the others.

    Raises:
        LambdaClientError: as `put_config`.
    """
    return put_config(function, {**_kept(function), **config}, qualifier)


def settings_of(function: "ProcessFunction") -> AsynchronousSettings:
    """Return what is kept with a function, with AWS's defaults."""
    config = _kept(function)
    destinations = config.get("DestinationConfig") or {}
    return AsynchronousSettings(
        int(config.get("MaximumRetryAttempts", DEFAULT_RETRIES)),
        int(config.get("MaximumEventAgeInSeconds", DEFAULT_EVENT_AGE)),
        (destinations.get("OnSuccess") or {}).get("Destination") or None,
        (destinations.get("OnFailure") or {}).get("Destination") or None,
        function.dead_letters or None,
    )


def refuse_dead_letters(role: str, arn: str) -> None:
    """Refuse a dead letter queue that is none, or that the role may not send to.

    Raises:
        InvalidParameterValueException: saying so.
    """
    service = _service(arn)
    if service not in _DEAD_LETTER_SERVICES:
        message = f"The provided target ARN is not a queue or a topic: {arn}"
        raise InvalidParameterValueException(message)
    action, name = _ACTIONS[service]
    if not role_may(role, action, arn):
        message = f"The provided execution role does not have permissions to call {name} on {service.upper()}"
        raise InvalidParameterValueException(message)


def _kept(function: "ProcessFunction") -> Mapping[str, Any]:
    config: Mapping[str, Any] = function.event_invoke_config[0].config if function.event_invoke_config else {}
    return config


def _service(arn: str) -> str:
    return arn.split(":")[_SERVICE_AT] if arn.count(":") > _SERVICE_AT else ""


def _refuse_destination(role: str, outcome: str, arn: str) -> None:
    service = _service(arn)
    if service not in _ACTIONS or (service == "s3" and outcome == "OnSuccess"):
        message = f"The destination ARN {arn} is invalid."
        raise InvalidParameterValueException(message)
    action, name = _ACTIONS[service]
    resource = f"{arn}/*" if service == "s3" else arn
    if not role_may(role, action, resource):
        message = f"The function's execution role does not have permissions to call {name} on {arn}"
        raise InvalidParameterValueException(message)
