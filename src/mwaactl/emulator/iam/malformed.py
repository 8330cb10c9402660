"""The refusal of a policy document."""

from __future__ import annotations

from mwaactl.errors import MwaactlError

SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"


class MalformedPolicyError(MwaactlError):
    """A document that is no policy.

    Args:
        message: Why, in IAM's words where they are known.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, code="emulator.malformed-policy")
