"""How the working tree is to be deployed, as the command line says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.desired import WorkerReplacement


@dataclass(frozen=True, slots=True)
class Wish:
    """How the working tree is to be deployed.

    Attributes:
        replacement: How an update replaces workers; None leaves it to MWAA.
        parse: Whether Airflow parses the DAG files on this machine first.
        zero_window: Whether the DAGs are deployed as one archive, which changes in one write.
    """

    replacement: WorkerReplacement | None = None
    parse: bool = False
    zero_window: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """The options that make another plan of the same project."""
        replacement = (f"--worker-replacement {self.replacement.lower()}",) if self.replacement else ()
        return (*replacement, *(("--zero-window",) if self.zero_window else ()))
