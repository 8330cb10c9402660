"""Forgets what moto remembers for its dashboard only: every object of every model, for ever.

Each bucket, object, stack or role that is deleted would stay in memory until the emulator ends.
"""

from __future__ import annotations

from itertools import count

from moto.core.model_instances import reset_model_data

REQUESTS_BETWEEN = 50
"""How many requests may pass; what they made is in memory so long, and forgetting costs a millisecond."""


class InstanceLists:
    """Counts requests, and empties moto's lists from time to time."""

    def __init__(self) -> None:
        self._requests = count(1)

    def after_request(self) -> None:
        """Count a request; the lists hold no state of moto's services."""
        if next(self._requests) % REQUESTS_BETWEEN == 0:
            reset_model_data()
