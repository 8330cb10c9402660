"""A Python environment with exactly what an MWAA worker has, made anew for each trial from a kept copy."""

import hashlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.requirements.installer_command import clean_environ
from mwaactl.project.requirements.package_set import PackageSet
from mwaactl.project.requirements.storage import Tell, exclusive, scratch_folder, writing
from mwaactl.project.requirements.uv import Uv, reason_of

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
        tell: Told in short lines what takes long.
        native: Whether this machine takes the same wheels as MWAA's workers.
    """

    folder: Path
    uv: Uv
    packages: PackageSet
    pip: str
    tell: Tell = lambda _: None
    native: bool = (platform.system(), platform.machine()) == ("Linux", "x86_64")

    @cached_property
    def digest(self) -> str:
        """What tells their content from any other."""
        content = f"{self.packages.version.python}\n{self.packages.lock}\n{self.pip}"
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @contextmanager
    def fresh(self) -> Iterator[Path]:
        """Gives one environment; what happens in it is gone afterwards.

        Raises:
            ProjectError: uv cannot build it, or the disk does not take it.
        """
        kept = self.kept()
        with writing(self._shown), scratch_folder(self.folder, ".trial-") as scratch:
            target = scratch / "python"
            # Links are safe: pip removes a file before it writes another in its place.
            _copy(kept, target)
            yield target

    def kept(self) -> Path:
        """Returns the kept environment, which is built if it is missing; nothing may be installed into it.

        Raises:
            ProjectError: uv cannot build it.
        """
        final = self.folder / f"airflow-{self.packages.version.version}-{self.digest}"
        if (final / "bin" / "python").exists():  # it is renamed when it is complete
            return final
        with writing(self._shown), exclusive(self.folder / f".{final.name}.lock", self.tell):
            if not (final / "bin" / "python").exists():
                shutil.rmtree(final, ignore_errors=True)
                self.tell(f"building a clean environment of Airflow {self.packages.version.version}")
                with scratch_folder(self.folder, ".building-") as scratch:
                    self._build(scratch)
                    (scratch / "python").rename(final)
        return final

    @property
    def _shown(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    def _build(self, folder: Path) -> None:
        (folder / "lock.txt").write_text(f"{self.packages.lock}\n{self.pip}", encoding="utf-8")
        python = _interpreter(self.packages.version.python)
        self._run(["venv", "--no-project", "--relocatable", "--python", python, "python"], folder)
        fill = ["pip", "sync", "--require-hashes", "--python", "python/bin/python", *self.uv.arguments]
        self._run([*fill, "lock.txt"], folder)
        self._compile_pip(folder)

    def _compile_pip(self, folder: Path) -> None:
        """Lets pip compile its modules: it starts in every copy, and would compile them there again."""
        command = [str(folder / "python" / "bin" / "python"), "-m", "pip", "install", "--help"]
        self.uv.run(command, cwd=folder, environ=clean_environ(self.uv.environ), timeout=_SECONDS)

    def _run(self, arguments: Sequence[str], folder: Path) -> None:
        command = [self.uv.executable, *arguments, "--quiet", "--color", "never"]
        done = self.uv.run(command, cwd=folder, environ=self.uv.environ, timeout=_SECONDS)
        if done.code != 0:
            why = reason_of(done.output)
            message = f"the environment of Airflow {self.packages.version.version} could not be built: {why}"
            hint = "see whether the package registry can be reached, and whether the disk has room"
            raise ProjectError(message, hint=hint, code="project.requirements-environment")


def _interpreter(line: str) -> str:
    """The Python that runs this where it is of the line, else whichever of the line uv finds."""
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return sys.executable if own == line else line


def _copy(kept: Path, target: Path) -> None:
    try:
        shutil.copytree(kept, target, symlinks=True, copy_function=_link)
    except shutil.Error as error:  # it collects the failures of all files
        _, _, reason = error.args[0][0]
        raise OSError(reason) from error


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
