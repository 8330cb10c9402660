"""Workgroups of Redshift Serverless, as soon as they can be used."""

import time
from typing import Any


def wait_available(serverless: Any, name: str) -> dict[str, Any]:
    """Return a workgroup as soon as it is AVAILABLE.

    Args:
        serverless: A client of `redshift-serverless`.
        name: The workgroup's.
    """
    for _ in range(1000):
        workgroup: dict[str, Any] = serverless.get_workgroup(workgroupName=name)["workgroup"]
        if workgroup["status"] == "AVAILABLE":
            return workgroup
        time.sleep(0.02)
    message = f"workgroup {name} does not become AVAILABLE"
    raise AssertionError(message)
