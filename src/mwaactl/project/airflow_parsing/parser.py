"""What parses DAG files, with all that it needs of this machine."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mwaactl.project.airflow_parsing.driver_process import RunDriver
from mwaactl.project.requirements.clean_environment import CleanEnvironments

type Show = Callable[[str], None]
# Airflow gives up at 30 s, and MWAA parses every file every 30 s.
BUDGET = 5.0


@dataclass(frozen=True, slots=True)
class Parser:
    """What parses.

    Attributes:
        environments: Builds the Python with the Airflow version's packages.
        run: Runs the driver.
        environ: The process environment, of which only Airflow variables and connections are handed on.
        stage: Takes a line about each step that may last.
        tick: Takes a line about how far a step is, many times a second.
        budget: Seconds that one file may take.
        workers: How many files are parsed at once.
        keep: Whether results of earlier runs count.
    """

    environments: CleanEnvironments
    run: RunDriver
    environ: Mapping[str, str]
    stage: Show = lambda _: None
    tick: Show = lambda _: None
    budget: float = BUDGET
    workers: int = field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)))
    keep: bool = True
