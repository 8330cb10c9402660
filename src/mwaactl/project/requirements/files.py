"""Where requirements.in and requirements.txt are, read and written."""

from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import REQUIREMENTS
from mwaactl.project.reading import read_content
from mwaactl.project.requirements.storage import replace_file, writing

SOURCE = "requirements/requirements.in"


def read_source(root: Path) -> bytes:
    """Returns requirements.in of a project.

    Raises:
        ProjectError: There is none, or it cannot be read.
    """
    if not (root / SOURCE).is_file():
        message = f"there is no `{SOURCE}`, which says what to lock"
        hint = "create it with one line for each package that the DAGs import and Airflow does not bring"
        raise ProjectError(message, path=SOURCE, hint=hint, code="project.no-requirements")
    return read_content((root / SOURCE).resolve(), SOURCE)


def read_locked(root: Path) -> str:
    """Returns the present requirements.txt; empty where there is none.

    Raises:
        ProjectError: It cannot be read, or is not UTF-8.
    """
    if not (root / REQUIREMENTS).exists():
        return ""
    try:
        return read_content((root / REQUIREMENTS).resolve(), REQUIREMENTS).decode()
    except UnicodeDecodeError as error:
        message = f"`{REQUIREMENTS}` is not UTF-8: byte {error.start} cannot be read"
        raise ProjectError(message, path=REQUIREMENTS, hint="delete the file and lock again") from error


def write_locked(root: Path, text: str) -> bool:
    """Writes requirements.txt where it differs; the old one stays until the new one is complete.

    Returns:
        Whether it differed.

    Raises:
        ProjectError: It cannot be written.
    """
    target = root / REQUIREMENTS
    if target.is_file() and target.read_bytes() == text.encode():
        return False
    real = target.resolve()
    with writing(REQUIREMENTS):
        # A repository's link must not lead a command to a file elsewhere.
        replace_file(real if real.is_relative_to(root.resolve()) else target, text.encode())
    return True
