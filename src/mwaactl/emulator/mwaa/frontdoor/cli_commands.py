"""The Airflow commands that MWAA's CLI route runs, by Airflow's major version.

https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-cli-command-reference.html, read 2026-11-23
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMON: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "cheat-sheet": frozenset(),
        "connections": frozenset({"add", "delete"}),
        "dags": frozenset(
            {"delete", "list", "list-jobs", "list-import-errors", "list-runs", "next-execution", "pause"}
            | {"report", "reserialize", "show", "state", "test", "trigger", "unpause"}
        ),
        "db": frozenset({"clean"}),
        "providers": frozenset(
            {"behaviours", "get", "hooks", "links", "list", "notifications", "secrets", "triggerer"}
            | {"widgets"}
        ),
        "roles": frozenset({"add-perms", "del-perms", "create", "list"}),
        "tasks": frozenset(
            {"clear", "failed-deps", "list", "render", "state", "states-for-dag-run", "test"},
        ),
        "variables": frozenset({"delete", "get", "set", "list"}),
        "version": frozenset(),
    }
)

ADDED: Mapping[int, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        2: {"dags": frozenset({"backfill"}), "tasks": frozenset({"run"})},
        3: {"assets": frozenset({"details", "list", "materialize"}), "backfill": frozenset({"create"})},
    }
)


def is_supported(arguments: Sequence[str], airflow_major: int) -> bool:
    """Say whether MWAA runs this command.

    Args:
        arguments: The command without the leading `airflow`.
        airflow_major: 2 or 3.
    """
    if not arguments:
        return False
    group = arguments[0]
    known = [table[group] for table in (COMMON, ADDED[airflow_major]) if group in table]
    if not known:
        return False
    actions = frozenset[str]().union(*known)
    return not actions or (len(arguments) > 1 and arguments[1] in actions)
