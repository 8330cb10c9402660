"""Which service a request is meant for, by its signature."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

# Credential=AKID/20261123/us-east-1/s3/aws4_request, see the SigV4 pages of the IAM user guide.
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]*/([^/]+)/aws4_request")


def signed_service(environ: WSGIEnvironment) -> str | None:
    """Return the service that the request is signed for (header or presigned query), or None if unsigned."""
    found = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if found:
        return found.group(1).lower()
    scopes = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [])
    found = _SCOPE.search(f"Credential={scopes[0]}") if scopes else None
    return found.group(1).lower() if found else None
