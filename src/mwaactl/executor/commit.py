"""Which commit of git the working tree is."""

import subprocess
from pathlib import Path

from mwaactl.project.bundle import PLUGINS, REQUIREMENTS, STARTUP
from mwaactl.project.dag_files import DAGS

_DEPLOYED = (DAGS, PLUGINS, REQUIREMENTS, STARTUP)


def git_commit(root: Path, timeout: float = 30.0) -> str | None:
    """Return the commit's id, with `-dirty` where what is deployed differs from it.

    Other files count for nothing: a plan that a workflow keeps beside them is no change.

    Args:
        root: The project's root.
        timeout: Seconds that git may take.

    Returns:
        The id; None outside git, or where git cannot tell.
    """
    try:
        head = _git(root, timeout, "rev-parse", "HEAD")
        # Without its optional locks, git is in nobody's way who works in the tree.
        changed = _git(root, timeout, "--no-optional-locks", "status", "--porcelain", "--", *_DEPLOYED)
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head}-dirty" if changed else head


def _git(root: Path, timeout: float, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, check=True, timeout=timeout, errors="replace"
    )
    return done.stdout.strip()
