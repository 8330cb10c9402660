"""What MWAA Serverless takes of a DAG, and what it refuses or leaves without effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class ServerlessFacts:
    """The facts.

    Attributes:
        task_limits: The most that an argument of a task may say; durations in seconds.
        refused: Arguments of operators that the service refuses.
        ignored: Arguments of operators that have no effect.
        ignored_of_dag: Arguments of DAGs that have none.
        template_names: Names that templates may use.
    """

    task_limits: Mapping[str, int]
    refused: frozenset[str]
    ignored: frozenset[str]
    ignored_of_dag: frozenset[str]
    template_names: frozenset[str]


@cache
def serverless_facts() -> ServerlessFacts:
    """Returns the table."""
    table = read_table("serverless")
    arguments = table["arguments"]
    return ServerlessFacts(
        task_limits=dict(table["task_limits"]),
        refused=frozenset(arguments["refused"]),
        ignored=frozenset(arguments["ignored"]),
        ignored_of_dag=frozenset(arguments["ignored_of_dag"]),
        template_names=frozenset(table["templates"]["names"]),
    )
