"""Says what went wrong between here and AWS: no credentials, no connection, no answer, half an answer."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError, ProtocolError

from mwaactl.aws.answers import ForeignAnswerError
from mwaactl.errors import OutcomeUnknown, ServiceError

# What came was not what was sent, so that asking again may bring it.
BROKEN_ANSWERS = frozenset(
    each.__name__
    for each in (ResponseStreamingError, IncompleteReadError, FlexibleChecksumError, ProtocolError)
)
_NETWORK = "check the network and run the command again: it goes on from where it stopped"
_ENDPOINT = "check the network and `endpoint_url`; the emulator is started with `mwaactl emulator up`"
_PROXY = "check the network: a proxy or a sign-in page may stand between; then run the command again"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said about a kind of failure.

    Attributes:
        said: The cause; None for botocore's own words.
        hint: The remedy.
        unknown: Whether the request may have taken effect.
    """

    said: str | None
    hint: str
    unknown: bool = False


# A secret that was pasted into a variable often ends in a line break.
_UNSENDABLE = "Invalid header value"
_NOT_SENT = Explanation(
    "the credentials hold a line break, or another character that no request can carry",
    "look at AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN, or at the profile, and remove it",
)
# The first that fits counts: subclasses stand before what they are made of.
_EXPLANATIONS: tuple[tuple[tuple[type[Exception], ...], Explanation], ...] = (
    (
        (NoCredentialsError, PartialCredentialsError),
        Explanation(None, "configure credentials, for example with AWS_PROFILE"),
    ),
    (
        (SSOTokenLoadError, UnauthorizedSSOTokenError, TokenRetrievalError),
        Explanation(None, "sign in again with `aws sso login`"),
    ),
    ((EndpointConnectionError, ConnectTimeoutError), Explanation(None, _ENDPOINT)),
    ((ProxyConnectionError,), Explanation(None, "check HTTPS_PROXY, HTTP_PROXY, NO_PROXY and the network")),
    ((SSLError,), Explanation(None, "check the network, AWS_CA_BUNDLE and the machine's clock")),
    ((ReadTimeoutError,), Explanation("no answer came in time", _NETWORK, unknown=True)),
    (
        # botocore reads the body of an error where nothing of urllib3's is caught.
        (ConnectionClosedError, ResponseStreamingError, IncompleteReadError, ProtocolError),
        Explanation("the answer broke off", _NETWORK, unknown=True),
    ),
    (
        (FlexibleChecksumError,),
        Explanation("the answer does not match its checksum", _NETWORK, unknown=True),
    ),
    (
        (ForeignAnswerError, ResponseParserError),
        Explanation("the answer does not come from AWS", _PROXY, unknown=True),
    ),
    ((HTTPClientError, HTTPError), Explanation("the connection failed", _NETWORK, unknown=True)),
    ((BotoCoreError,), Explanation(None, "check the AWS configuration; `mwaactl -v …` shows more")),
)


def from_local_error(
    error: BotoCoreError | ResponseParserError | HTTPError, service: str, operation: str, resource: str = ""
) -> ServiceError:
    """Return the error that names the cause, and the remedy.

    Args:
        error: What botocore raised without an answer of the service.
        service: As botocore names it.
        operation: The API operation.
        resource: What the request was about; empty where that is nothing in particular.
    """
    why = next(each for kinds, each in _EXPLANATIONS if isinstance(error, kinds))
    if isinstance(error, HTTPClientError) and _UNSENDABLE in str(error):
        why = _NOT_SENT
    about = f" of `{resource}`" if resource else ""
    kind = OutcomeUnknown if why.unknown else ServiceError
    return kind(
        f"{service} {operation}{about} failed: {why.said or _sentence(error)}",
        service=service,
        operation=operation,
        error_code=type(error).__name__,
        hint=why.hint,
        context={"resource": resource} if resource else {},
    )


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
