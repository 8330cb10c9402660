"""Python as ruff formats it, whatever the project's own configuration says."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.project.requirements.process import Run

_SECONDS = 60.0
_LINE_LENGTH = 100


def formatted(source: str, run: Run, environ: Mapping[str, str]) -> str:
    """Return a source with its imports in order and its lines broken.

    Raises:
        ProjectError: ruff cannot be run.
    """
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "dag.py")
        file.write_text(source, encoding="utf-8")
        length = ["--isolated", "--no-cache", "--line-length", str(_LINE_LENGTH)]
        for arguments in (
            ["check", "--fix-only", "--quiet", "--select", "I", *length],
            ["format", "--quiet", *length],
        ):
            done = run(
                [sys.executable, "-m", "ruff", *arguments, str(file)],
                cwd=Path(scratch),
                environ=environ,
                timeout=_SECONDS,
            )
            if done.code != 0:
                message = "ruff cannot format what was rendered"
                raise ProjectError(message, code="project.ruff-failed")
        return file.read_text(encoding="utf-8")
