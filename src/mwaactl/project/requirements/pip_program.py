"""The pip that fetches wheels: the locked one, kept beside the environments, without an environment."""

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.installer_command import clean_environ
from mwaactl.project.requirements.process import Completed, OnLine
from mwaactl.project.requirements.storage import exclusive, scratch_folder
from mwaactl.project.requirements.uv import reason_of

_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class PipProgram:
    """Runs pip.

    Attributes:
        environments: Where it is kept, what unpacks it, and its lock.
    """

    environments: CleanEnvironments

    def __call__(self, arguments: Sequence[str], cwd: Path, timeout: float, on_line: OnLine) -> Completed:
        """Runs pip in a folder; unlike in a trial, it may keep what it fetched in its cache.

        Raises:
            ProjectError: uv cannot unpack it.
            OSError: It cannot be kept.
        """
        uv = self.environments.uv
        environ = {**clean_environ(uv.environ), "PYTHONUNBUFFERED": "1"}
        environ.pop("PIP_NO_CACHE_DIR")
        command = [sys.executable, "-I", str(self._unpacked() / "pip"), *arguments]
        return uv.run(command, cwd=cwd, environ=environ, timeout=timeout, on_line=on_line)

    def _unpacked(self) -> Path:
        folder, lock = self.environments.folder, self.environments.pip
        final = folder / f"pip-{hashlib.sha256(lock.encode()).hexdigest()[:16]}"
        with exclusive(folder / f".{final.name}.lock", self.environments.tell):
            if not (final / "pip" / "__main__.py").exists():
                with scratch_folder(folder, ".building-pip-") as scratch:
                    self._unpack(scratch, lock)
                    (scratch / "lib").rename(final)
        return final

    def _unpack(self, scratch: Path, lock: str) -> None:
        uv = self.environments.uv
        (scratch / "lock.txt").write_text(lock, encoding="utf-8")
        command = [uv.executable, "pip", "sync", "--require-hashes", "--target", "lib", "lock.txt"]
        command += ["--python", sys.executable, "--quiet", "--color", "never", *uv.arguments]
        done = uv.run(command, cwd=scratch, environ=uv.environ, timeout=_SECONDS)
        if done.code != 0:
            hint = "see whether the package registry can be reached, and the disk has room"
            message = f"pip cannot be unpacked: {reason_of(done.output)}"
            raise ProjectError(message, hint=hint, code="project.no-pip")
