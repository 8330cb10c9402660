"""What a request for a list asks.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html#API_ListObjectsV2_RequestParameters
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from moto.s3.exceptions import InvalidContinuationToken, S3ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_KEYS = 1000
_MOST_ASKED = 2**31 - 1
_URL = "url"
_INVALID = "InvalidArgument"
_NO_NUMBER = "Provided max-keys not an integer or within integer range"
_OUT_OF_RANGE = f"Argument maxKeys must be an integer between 0 and {_MOST_ASKED}"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A request's parameters.

    Attributes:
        asked: Name to value.
    """

    asked: Mapping[str, str]

    @property
    def prefix(self) -> str:
        """What the keys begin with."""
        return self.asked.get("prefix", "")

    @property
    def delimiter(self) -> str:
        """Up to where keys are put together; empty for not at all."""
        return self.asked.get("delimiter", "")

    @property
    def max_keys(self) -> int:
        """How many keys and common prefixes a page has.

        Raises:
            S3ClientError: InvalidArgument, if it is no number of keys.
        """
        text = self.asked.get("max-keys") or str(MOST_KEYS)
        try:
            number = int(text)
        except ValueError:
            raise S3ClientError(_INVALID, _NO_NUMBER) from None
        if not 0 <= number <= _MOST_ASKED:
            raise S3ClientError(_INVALID, _OUT_OF_RANGE)
        return min(number, MOST_KEYS)

    @property
    def encoding(self) -> str | None:
        """How names are encoded in the answer; None for not at all."""
        return self.asked.get("encoding-type") or None

    @property
    def continued_after(self) -> str | None:
        """The name after which a further page begins; None for the first page.

        Raises:
            InvalidContinuationToken: If the token is none of ours.
        """
        token = self.asked.get("continuation-token")
        if token is None:
            return None
        try:
            return urlsafe_b64decode(token.encode("ascii")).decode() if token else _refuse()
        except (binascii.Error, UnicodeError):
            return _refuse()

    def encoded(self, name: str) -> str:
        """Return a name as the answer is to tell it."""
        return quote(name) if self.encoding == _URL else name


def token_of(name: str) -> str:
    """Return the token for the page after a name."""
    return urlsafe_b64encode(name.encode()).decode("ascii")


def _refuse() -> str:
    raise InvalidContinuationToken
