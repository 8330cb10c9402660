"""Writes that fail with a reason, folders that do not outlive their use, and one run at a time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mwaactl.errors import ProjectError

type Tell = Callable[[str], None]

_OWNER = ".owner"


@contextmanager
def writing(shown: str) -> Iterator[None]:
    """Turns a failure to write into an error that says what could not be written, and why.

    Args:
        shown: How messages name it: its path below the project's root.

    Raises:
        ProjectError: The folder is read-only, the disk is full, or the like.
    """
    try:
        yield
    except OSError as error:
        message = f"`{shown}` cannot be written: {error.strerror or error}"
        hint = "make room on the disk, or make the folder writable, and run the command again"
        raise ProjectError(message, path=shown, hint=hint, code="project.unwritable") from error


def replace_file(target: Path, content: bytes) -> None:
    """Writes a file; the old one stays until the new one is complete, whoever else writes it.

    A link becomes a file: what it leads to is written by those only who have resolved it.

    Raises:
        OSError: It cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # Nothing called *.tmp is ever shipped; the file's own name may be as long as names can be.
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        scratch.chmod(0o666 & ~_umask())
        scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


@contextmanager
def exclusive(lock: Path, tell: Tell) -> Iterator[None]:
    """Lets one process at a time go on; the others wait.

    Args:
        lock: A file for this purpose only; made if missing.
        tell: Told that another one is waited for.

    Raises:
        OSError: The file cannot be made.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("waiting for another `mwaactl requirements` to end")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def scratch_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Gives a folder that is gone afterwards; what a killed process left behind is removed first.

    Raises:
        OSError: It cannot be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with (parent / ".scratch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_abandoned(parent, prefix)
        # What is read of it may not be reached by a link, and `.mwaactl` may be one.
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent.resolve()))
        owner = (folder / _OWNER).open("w")
        # The kernel lets go of it when this process ends, however it ends.
        fcntl.flock(owner, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        owner.close()


def _remove_abandoned(parent: Path, prefix: str) -> None:
    for folder in parent.glob(f"{prefix}*"):
        owner = folder / _OWNER
        if not owner.exists() or _is_free(owner):
            shutil.rmtree(folder, ignore_errors=True)


def _is_free(owner: Path) -> bool:
    with owner.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _umask() -> int:
    present = os.umask(0)
    os.umask(present)
    return present
