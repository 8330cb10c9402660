"""Locks the requirements of a project: from requirements.in to requirements.txt, and back to the index."""

from dataclasses import dataclass
from pathlib import Path

from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.files import read_locked, read_source, write_locked
from mwaactl.project.requirements.lock import Lock, compile_lock
from mwaactl.project.requirements.package import LOCK_FILE
from mwaactl.project.requirements.storage import exclusive, writing
from mwaactl.project.requirements.wheelhouse import Wheelhouse


@dataclass(frozen=True, slots=True)
class Locked:
    """What came of it.

    Attributes:
        lock: What was locked.
        changed: Whether requirements.txt differs from before.
        removed: Names of the wheels that `requirements package` had put into plugins/; requirements.txt takes
            packages from the index again.
    """

    lock: Lock
    changed: bool
    removed: tuple[str, ...]


def lock_requirements(root: Path, environments: CleanEnvironments, *, upgrade: bool) -> Locked:
    """Compiles requirements.in, writes requirements.txt, and removes the wheels of an earlier packaging.

    Args:
        root: The project's root folder.
        environments: Says for which Airflow version, and which uv resolves.
        upgrade: Take the newest versions instead of those locked now.

    Raises:
        ProjectError: requirements.in cannot be locked, or requirements.txt cannot be written.
    """
    house, folder = Wheelhouse(root), environments.folder
    with writing(f".mwaactl/{folder.name}"), exclusive(folder / LOCK_FILE, environments.tell):
        house.refuse_odd_places()
        source, before = read_source(root), read_locked(root)
        made = compile_lock(source, before, environments.packages, environments.uv, upgrade=upgrade)
        changed = write_locked(root, made.text)
        return Locked(made, changed, house.reduce({}))
