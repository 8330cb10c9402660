"""Answers to requests that no policy is asked about: keys that are not good any more, unbound sessions."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.denials import Protocol
from mwaactl.emulator.iam.principals import CallerKind
from mwaactl.emulator.wire_errors import WireError, not_modelled

if TYPE_CHECKING:
    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.iam.principals import Caller

_BOUND = {"GetFederationToken", "GetSessionToken"}
"""Operations whose credentials moto does not tie to who asked for them."""


class RefusedError(Exception):
    """A request gets an error without being judged.

    Args:
        error: The error.
    """

    def __init__(self, error: WireError) -> None:
        super().__init__(error.message)
        self.error = error


def unknown_key(service: str, protocol: Protocol) -> WireError:
    """Return the error for credentials that do not exist any more.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html

    Args:
        service: The signing name of the service.
        protocol: How the call was made.
    """
    if service == "s3":
        message = "The AWS Access Key Id you provided does not exist in our records."
        return WireError(HTTPStatus.FORBIDDEN, "InvalidAccessKeyId", message)
    message = "The security token included in the request is invalid."
    match protocol:
        case Protocol.JSON:
            return WireError(HTTPStatus.BAD_REQUEST, "UnrecognizedClientException", message)
        case Protocol.REST_JSON:
            return WireError(HTTPStatus.FORBIDDEN, "UnrecognizedClientException", message)
        case Protocol.QUERY:
            return WireError(HTTPStatus.FORBIDDEN, "InvalidClientTokenId", message)


def refuse_unbound_session(call: Call, caller: Caller) -> None:
    """Refuse a call whose credentials would be nobody's.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html

    Raises:
        RefusedError: A session can't get another one this way; a user could, but moto forgets whose it is.
    """
    if call.service != "sts" or call.operation not in _BOUND:
        return
    if caller.kind is CallerKind.ROLE_SESSION:
        message = f"Cannot call {call.operation} with session credentials"
        raise RefusedError(WireError(HTTPStatus.FORBIDDEN, "AccessDenied", message))
    raise RefusedError(not_modelled("sts", f"{call.operation} for a user"))
