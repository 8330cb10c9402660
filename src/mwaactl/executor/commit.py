"""Which commit of git the working tree is."""

import subprocess
from pathlib import Path


def git_commit(root: Path, timeout: float = 30.0) -> str | None:
    """Return the commit's id, with `-dirty` where files differ from it.

    Args:
        root: The project's root.
        timeout: Seconds that git may take.

    Returns:
        The id; None outside git, or where git cannot tell.
    """
    try:
        head = _git(root, timeout, "rev-parse", "HEAD")
        return f"{head}-dirty" if _git(root, timeout, "status", "--porcelain") else head
    except (OSError, subprocess.SubprocessError):
        return None


def _git(root: Path, timeout: float, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=True, timeout=timeout
    )
    return done.stdout.strip()
