"""The processes of a project on this machine, the emulator's and Airflow's."""

import os
from pathlib import Path


def processes_of(root: Path) -> set[int]:
    """Return the processes whose command line, working directory or environment names the project."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mentions = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            working = str((folder / "cwd").readlink())
        except OSError:
            continue
        if str(root).encode() in mentions or working.startswith(str(root)):
            found.add(int(folder.name))
    return found - {os.getpid()}
