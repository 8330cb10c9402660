"""Races of several deployers, each with a tree of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.deployers.laboratory import DAG, before

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.fakes.deployers.job import Ended
    from tests.fakes.deployers.laboratory import Laboratory

LOOKING = "s3 GetObject releases/lock.json"


def projects_of(laboratory: Laboratory, deployers: int) -> list[Path]:
    """Write a project for each deployer: some files are the same in all, some differ in each."""
    return [laboratory.project(f"racer-{number}", _files(number)) for number in range(deployers)]


def _files(number: int) -> dict[str, str]:
    return before() | {
        "dags/lib/tables.py": f"TABLES = ('flights_{number}',)\n",
        f"dags/lib/only_{number}.py": f"TABLES = ({number},)\n",
        "dags/report_1.py": DAG.format(module=f"only_{number}", name="report_1"),
        f"dags/report_of_{number}.py": DAG.format(module=f"only_{number}", name=f"report_of_{number}"),
    }


def race(laboratory: Laboratory, roots: Sequence[Path], *, together: bool = True) -> list[Ended]:
    """Deploy all projects at once.

    Args:
        laboratory: Where.
        roots: The projects.
        together: Whether nobody may look at the lock before all have planned.
    """
    if together:
        laboratory.meet(LOOKING, len(roots))
    begun = [laboratory.start(root, "deploy") for root in roots]
    return [each.wait() for each in begun]
