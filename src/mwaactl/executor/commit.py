"""Which commit of git the working tree is."""

import subprocess
from pathlib import Path


def git_commit(root: Path) -> str | None:
    """Return the commit's id, with `-dirty` where files differ from it, or None outside git."""
    try:
        head = _git(root, "rev-parse", "HEAD")
        return f"{head}-dirty" if _git(root, "status", "--porcelain") else head
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()
