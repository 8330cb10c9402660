"""The codes of `LastUpdate.Error` that this runtime reports."""

from __future__ import annotations

# What the environment's owner can put right, in MWAA's own word.
INCORRECT_CONFIGURATION = "INCORRECT_CONFIGURATION"
INTERNAL_ERROR = "INTERNAL_ERROR"
