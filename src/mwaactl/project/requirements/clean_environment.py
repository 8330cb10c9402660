"""A Python environment with exactly what an MWAA worker has, made anew for each trial from a kept copy."""

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.uv import Uv

_SECONDS = 1800.0


def catalog_pip() -> str:
    """Returns the lock of the pip that trials run."""
    return files("mwaactl.catalog").joinpath("locks", "pip.txt").read_text("utf-8")


@dataclass(frozen=True)
class CleanEnvironments:
    """Makes environments for trials.

    Attributes:
        folder: Where they are kept, for example `.mwaactl/checks`.
        uv: Builds them.
        packages: What they contain.
        pip: Lock of the pip that they contain besides.
    """

    folder: Path
    uv: Uv
    packages: PackageSet
    pip: str

    @cached_property
    def digest(self) -> str:
        """What tells their content from any other."""
        content = f"{self.packages.version.python}\n{self.packages.lock}\n{self.pip}"
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @contextmanager
    def fresh(self) -> Iterator[Path]:
        """Gives one environment; what happens in it is gone afterwards.

        Raises:
            ProjectError: uv cannot build it.
        """
        kept = self.kept()
        with tempfile.TemporaryDirectory(prefix=".trial-", dir=self.folder) as scratch:
            target = Path(scratch, "python")
            # Links are safe: pip removes a file before it writes another in its place.
            shutil.copytree(kept, target, symlinks=True, copy_function=_link)
            yield target

    def kept(self) -> Path:
        """Returns the kept environment, which is built if it is missing; nothing may be installed into it.

        Raises:
            ProjectError: uv cannot build it.
        """
        final = self.folder / f"airflow-{self.packages.version.version}-{self.digest}"
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f".{final.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (final / "bin" / "python").exists():
                shutil.rmtree(final, ignore_errors=True)
                with tempfile.TemporaryDirectory(prefix=".building-", dir=self.folder) as scratch:
                    self._build(Path(scratch))
                    Path(scratch, "python").rename(final)
        return final

    def _build(self, folder: Path) -> None:
        (folder / "lock.txt").write_text(f"{self.packages.lock}\n{self.pip}", encoding="utf-8")
        python = _interpreter(self.packages.version.python)
        self._run(["venv", "--no-project", "--relocatable", "--python", python, "python"], folder)
        fill = ["pip", "sync", "--require-hashes", "--python", "python/bin/python", *self.uv.arguments]
        self._run([*fill, "lock.txt"], folder)

    def _run(self, arguments: Sequence[str], folder: Path) -> None:
        command = [self.uv.executable, *arguments, "--quiet", "--color", "never"]
        done = self.uv.run(command, cwd=folder, environ=self.uv.environ, timeout=_SECONDS)
        if done.code != 0:
            said = " ".join(done.output.split()) or "uv gave no reason"
            message = f"the environment of Airflow {self.packages.version.version} could not be built: {said}"
            hint = "see whether the package registry can be reached"
            raise ProjectError(message, hint=hint, code="project.requirements-environment")


def _interpreter(line: str) -> str:
    """The Python that runs this where it is of the line, else whichever of the line uv finds."""
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return sys.executable if own == line else line


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
