"""What MWAA's installer does with a requirements.txt, as pure functions.

From the public image source: github.com/aws/amazon-mwaa-docker-images, `user_requirements.py` (2026-08-20).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A comment counts too: `# --constraint x` is the documented way to opt out of Airflow's constraints.
_CONSTRAINT = re.compile(r"-c |--constraint ")

NO_CONSTRAINT_WARNING = (
    "WARNING: the requirements file names no constraints file; Airflow's own constraints are applied, "
    "so that a requirement can't break Airflow"
)
FAILURE_LINE = "ERROR: pip installation exited with a non-zero error code"
TIMEOUT_LINE = "ERROR: pip installation was stopped after 9 minutes"
TIME_LIMIT = 540.0


def names_constraints(text: str) -> bool:
    """Tell whether the file chooses its own constraints, be it in a comment."""
    return any(_CONSTRAINT.search(line) for line in text.splitlines())


def asks_for_packages(text: str) -> bool:
    """Tell whether the file holds anything but comments."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def decode_requirements(content: bytes) -> str:
    """Return the file's text; a byte-order mark decides the encoding, else UTF-8, else Latin-1."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def constraint_lines(text: str, essential: Iterable[str], pins: Iterable[str]) -> tuple[str, ...]:
    """Return the constraints that hold for a requirements file.

    Args:
        text: The requirements file.
        essential: Pins that always hold.
        pins: Airflow's own constraints, which hold unless the file names some.
    """
    return (*essential, *(() if names_constraints(text) else pins))
