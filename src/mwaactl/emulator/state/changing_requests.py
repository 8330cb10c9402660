"""Which requests may change something, and which may take long without doing so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaactl.emulator.request_scope import signed_service

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

# Reads by the verb that begins their name. ReceiveMessage is none: it hides what it returns.
_READ = re.compile(r"(Get|List|Describe|Head|BatchGet|Query|Scan|Search|Filter|Lookup|Simulate|Select|Test)")
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_INVOKE = re.compile(r"/functions/[^/]+/(response-streaming-)?invo(cations|ke-async)")


def may_change(environ: WSGIEnvironment, action: bytes = b"") -> bool:
    """Tell whether a request may change what the emulator holds; in doubt, it may.

    Args:
        environ: The request.
        action: The start of its body, for the query protocol.
    """
    if environ["REQUEST_METHOD"] in {"GET", "HEAD", "OPTIONS"}:
        return False
    name = str(environ.get("HTTP_X_AMZ_TARGET", "")).rpartition(".")[2]
    if not name and (found := _ACTION.search(action)):
        name = found.group(1).decode()
    return not _READ.match(name)


def may_take_long(environ: WSGIEnvironment) -> bool:
    """Tell whether a request may wait for others: an invocation, a long poll, a synchronous execution."""
    if signed_service(environ) == "sqs":
        return True
    path, target = environ.get("PATH_INFO", ""), str(environ.get("HTTP_X_AMZ_TARGET", ""))
    return bool(_INVOKE.search(path)) or target.endswith("StartSyncExecution")
