"""What all PutObject requests to one bucket have in common, taken from one that botocore has made.

botocore finds out anew for each request where it goes, what it carries and how it is signed, which takes
several times as long as sending a small object.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, HeadersDict
from botocore.utils import percent_encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.signers import RequestSigner

# What differs from one object, or from one attempt, to the next.
_OF_ONE = frozenset(
    {
        "x-amz-checksum-sha256", "x-amz-meta-sha256", "x-amz-content-sha256", "x-amz-date",
        "x-amz-security-token", "if-match", "if-none-match", "content-length", "content-md5", "expect",
        "authorization", "amz-sdk-invocation-id", "amz-sdk-request",
    }
)  # fmt: skip
# https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: what a proxy may change is
# not signed.
_UNSIGNED = frozenset({"user-agent", "x-amzn-trace-id"})
_PORTS = {"http": 80, "https": 443}
_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Signing:
    """By whom, and for what, requests are signed: botocore's own, which renews credentials that run out.

    Attributes:
        signer: botocore's.
        name: What S3 is called in signatures.
        region: The region.
        version: How botocore calls the kind of signature.
    """

    signer: RequestSigner
    name: str
    region: str
    version: str

    def auth(self) -> S3SigV4Auth | None:
        """Return what signs the next request; None where S3's version 4 does not."""
        made: object = self.signer.get_auth_instance(self.name, self.region, self.version)
        return made if type(made) is S3SigV4Auth and made.credentials else None


@dataclass(frozen=True, slots=True)
class PutPattern:
    """How a bucket's PutObject requests look.

    Attributes:
        before_key: Their address up to the key.
        host: What they name as their host.
        headers: What each of them carries, by lower-case names.
        signing: How they are signed.
    """

    before_key: str
    host: str
    headers: Mapping[str, str]
    signing: Signing

    @classmethod
    def of(cls, request: AWSRequest, key: str, signing: Signing) -> PutPattern | None:
        """Return the pattern of a request; None where it says more than a pattern can.

        Args:
            request: As it was to be signed.
            key: Of the object that it wrote.
            signing: How it was signed.
        """
        url, end = str(request.url), f"/{_encoded(key)}"
        own = request.context.get("signing", {}).keys() - {"region", "signing_name", "disableDoubleEncoding"}
        if own or request.params or "?" in url or not url.endswith(end):
            return None
        told = {name.lower(): _text(value) for name, value in request.headers.items()}
        headers = {name: value for name, value in told.items() if name not in _OF_ONE}
        return cls(url[: -len(end)], _host(url), MappingProxyType(headers), signing)

    def request(self, key: str, content: bytes, own: Mapping[str, str]) -> AWSPreparedRequest | None:
        """Return a request that is ready to be sent; None where it cannot be signed.

        Args:
            key: The object's key.
            content: What it is to hold.
            own: Headers for this object alone, by lower-case names.
        """
        auth = self.signing.auth()
        if auth is None:
            return None
        url = f"{self.before_key}/{_encoded(key)}"
        # Said here, so that what is sent is what is signed.
        headers = {"host": self.host, **self.headers, **own}
        headers["x-amz-content-sha256"] = hashlib.sha256(content).hexdigest()
        request = AWSRequest("PUT", url)
        request.context["timestamp"] = headers["x-amz-date"] = datetime.now(UTC).strftime(_MOMENT)
        if auth.credentials.token:
            headers["x-amz-security-token"] = auth.credentials.token
        headers["authorization"] = self._authorization(auth, request, headers)
        headers["content-length"] = str(len(content))
        told: Any = HeadersDict(headers)
        return AWSPreparedRequest("PUT", url, told, content, stream_output=False)

    def _authorization(self, auth: Any, request: AWSRequest, headers: Mapping[str, str]) -> str:  # noqa: ANN401
        signed = sorted(each for each in headers.items() if each[0] not in _UNSIGNED)
        names = ";".join(name for name, _ in signed)
        lines = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in signed)
        path, payload = urlsplit(str(request.url)).path, headers["x-amz-content-sha256"]
        to_sign = auth.string_to_sign(request, f"PUT\n{path}\n\n{lines}\n{names}\n{payload}")
        return (
            f"AWS4-HMAC-SHA256 Credential={auth.scope(request)}, SignedHeaders={names}, "
            f"Signature={auth.signature(to_sign, request)}"
        )


def _host(url: str) -> str:
    """Return what a request to an address names as its host: the port only where it is not the usual one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def _encoded(key: str) -> str:
    encoded: str = percent_encode(key, safe="/~")
    return encoded


def _text(value: Any) -> str:  # noqa: ANN401  botocore has text and bytes
    return value.decode() if isinstance(value, bytes) else str(value)
