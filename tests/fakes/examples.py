"""How many examples a property is tried with: `make test-all` takes five times as many as the suite."""

from __future__ import annotations

import os


def examples(in_the_suite: int) -> int:
    """Return how many to try; MWAACTL_EXAMPLES says it for every property."""
    usual = in_the_suite * 5 if os.environ.get("MWAACTL_WHOLE") else in_the_suite
    return int(os.environ.get("MWAACTL_EXAMPLES", usual))
