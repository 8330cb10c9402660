"""Who runs which statement of the Data API, for policies that show everybody only their own.

https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html
"""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.authorization.call import Call

OWNER_KEY = "redshift-data:statement-owner-iam-userid"
MOST = 10_000

_SUBMITS = {"BatchExecuteStatement", "ExecuteStatement"}


class StatementOwners:
    """Remembers the caller of every statement; of very many, the latest."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def submits(self, call: Call) -> bool:
        """Tell whether the answer to a call names a new statement."""
        return call.service == "redshift-data" and call.operation in _SUBMITS

    def remember(self, answer: bytes, user_id: str) -> None:
        """Keep the owner of the statement that an answer names.

        Args:
            answer: The body of the answer; one that names no statement is an error's.
            user_id: `aws:userid` of the caller.
        """
        key = json.loads(answer or b"{}").get("Id")
        with self._lock:
            if key:
                self._owners.setdefault(str(key), user_id)
            while len(self._owners) > MOST:
                self._owners.popitem(last=False)

    def keys(self, call: Call, user_id: str) -> dict[str, str]:
        """Return the condition key about the owner of the statement that a call is about.

        Args:
            call: The call.
            user_id: `aws:userid` of the caller: whoever lists statements is shown their own.
        """
        if call.service != "redshift-data":
            return {}
        if call.operation == "ListStatements":
            return {OWNER_KEY: user_id}
        # The parts of a batch have the batch's id with a number behind it.
        owner = self._owners.get(str(call.parameters.get("Id")).partition(":")[0])
        return {OWNER_KEY: owner} if owner else {}
