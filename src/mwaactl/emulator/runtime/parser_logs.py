"""The files in which Airflow keeps what it said while it parsed DAG files, and their log streams."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ParserLogs:
    """Where one major version of Airflow keeps them.

    Attributes:
        folder: Their folder below AIRFLOW_HOME's `logs`.
        prefix: How the names of their log streams begin.
    """

    folder: str
    prefix: str

    def files(self, home: Path) -> list[Path]:
        """Return the files that are there.

        Args:
            home: AIRFLOW_HOME.
        """
        return [path for path in (home / "logs" / self.folder).rglob("*.log") if not path.is_symlink()]

    def stream(self, file: Path) -> str:
        """Return the name of a file's log stream."""
        return f"{self.prefix}{file.name.removesuffix('.log')}.log"


PARSER_LOGS: Mapping[int, ParserLogs] = MappingProxyType(
    {2: ParserLogs("scheduler", "scheduler_"), 3: ParserLogs("dag_processor", "scheduler_dag_processor_")}
)
"""By Airflow's major version."""
