"""Python environments for functions: what AWS Lambda's runtime brings along, from the catalog's locks."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from mwaactl.errors import MwaactlError

RUNTIMES = frozenset({"python3.12"})
"""The runtimes that run here: the Python of the emulator itself, with the SDK that the lock pins."""


class InterpreterError(MwaactlError):
    """The Python environment of a runtime cannot be built."""


@dataclass(slots=True)
class Interpreters:
    """Builds environments once per content and keeps them.

    Attributes:
        directory: where environments are kept.
        uv: the uv executable.
    """

    directory: Path
    uv: str
    _lock: Lock = field(default_factory=Lock)

    def python(self, runtime: str) -> Path:
        """Return the Python executable of a runtime.

        Args:
            runtime: one of `RUNTIMES`.

        Raises:
            InterpreterError: the environment cannot be built; the message is uv's.
        """
        lock = files("mwaactl.catalog") / "locks" / f"lambda-{runtime}.txt"
        text = lock.read_text()
        digest = hashlib.sha256(f"{sys.version}\n{text}".encode()).hexdigest()[:16]
        home = self.directory / f"lambda-{runtime}-{digest}"
        with self._lock:
            if not (home / "bin" / "python").exists():
                self._build(home, text)
        return home / "bin" / "python"

    def _build(self, home: Path, requirements: str) -> None:
        """Build beside and rename, so that a half-built environment is never used."""
        self.directory.mkdir(parents=True, exist_ok=True)
        workspace = Path(mkdtemp(prefix=".lambda-", dir=self.directory))
        try:
            environment, lock = workspace / "environment", workspace / "requirements.txt"
            lock.write_text(requirements)
            self._run("venv", "--quiet", "--relocatable", "--python", sys.executable, str(environment))
            python = str(environment / "bin" / "python")
            self._run(
                "pip",
                "install",
                "--quiet",
                "--require-hashes",
                "--python",
                python,
                "--requirement",
                str(lock),
            )
            if not home.exists():  # another process may have been quicker
                environment.rename(home)
        finally:
            shutil.rmtree(workspace, ignore_errors=True)

    def _run(self, *arguments: str) -> None:
        try:
            done = subprocess.run([self.uv, *arguments], capture_output=True, text=True, check=False)
        except OSError as error:
            raise self._failure(str(error)) from error
        if done.returncode:
            raise self._failure(done.stderr.strip())

    def _failure(self, reason: str) -> InterpreterError:
        return InterpreterError(
            f"the Python environment of Lambda functions cannot be built: {reason}",
            hint=f"check that `{self.uv}` runs and that packages can be downloaded once",
            code="lambda-interpreter",
        )
