"""Python environments for Airflow, built once per content and kept under the runtimes folder.

An environment is built under a temporary name and renamed when it is complete, so one that an interruption
left half-built is never used; a file lock lets one builder work while others wait for its result.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.emulator.mwaa.host import HostFailure, RequirementsState
from mwaactl.emulator.runtime import requirement_rules
from mwaactl.emulator.runtime.failure_codes import INTERNAL_ERROR
from mwaactl.emulator.runtime.hardlink_copy import copy_by_links
from mwaactl.emulator.runtime.pip_wording import error_line, installed_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.emulator.runtime.container_paths import ContainerPaths
    from mwaactl.emulator.runtime.locks import RuntimeLock

_FOREIGN = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "UV_PYTHON")
_BUILD_LIMIT = 1800.0
# Kept in the environment, so that every later use of it can show how it came about.
_INSTALL_LOG = "requirements_install.log"


@dataclass(frozen=True, slots=True)
class Installation:
    """What a requirements.txt led to.

    Attributes:
        python: The folder of the environment that Airflow runs in.
        requirements: Whether the packages are in it; None if the file asks for none.
    """

    python: Path
    requirements: RequirementsState | None


class PackageStore:
    """Builds and finds Python environments.

    Args:
        folder: Where they are kept.
        uv: The uv executable.
    """

    def __init__(self, folder: Path, uv: str) -> None:
        self._folder = folder
        self._uv = uv

    def base(self, lock: RuntimeLock) -> Path:
        """Return the folder of the environment with exactly the locked packages, built if it is missing.

        Raises:
            HostFailure: If uv can't build it.
        """
        name = f"airflow-{lock.name}"
        return self._built(name, lambda target: self._build_base(lock, target))

    def with_requirements(
        self, lock: RuntimeLock, content: bytes, container: ContainerPaths, publish: Callable[[str], None]
    ) -> Installation:
        """Give an environment that also has what a requirements.txt asks for.

        As on MWAA, an installation that fails is only reported: Airflow then runs without any of the
        packages.

        Args:
            lock: The Airflow version's own packages.
            content: The file.
            container: Where the files are that the requirements may name.
            publish: Takes the installer's output.
        """
        base = self.base(lock)
        text = requirement_rules.decode_requirements(content)
        if not requirement_rules.asks_for_packages(text):
            return Installation(base, None)
        if not requirement_rules.names_constraints(text):
            publish(requirement_rules.NO_CONSTRAINT_WARNING)
        key = f"{lock.digest}\n{container.digest_of_files(text)}\n{text}"
        digest = hashlib.sha256(key.encode()).hexdigest()[:16]
        try:
            layer = self._built(
                f"airflow-{lock.airflow_version}-requirements-{digest}",
                lambda target: self._install(
                    base, lock, container.localised(text), container.plugins, target
                ),
            )
        except _InstallationFailed as failure:
            publish("\n".join(failure.args))
            return Installation(base, RequirementsState(installed=False, error=failure.cause))
        publish((layer / _INSTALL_LOG).read_text(encoding="utf-8"))
        return Installation(layer, RequirementsState(installed=True))

    def _built(self, name: str, build: Callable[[Path], None]) -> Path:
        final = self._folder / name
        self._folder.mkdir(parents=True, exist_ok=True)
        with _exclusive(self._folder / f".{name}.lock"):
            # False as well where the Python below it has been removed.
            if (final / "bin" / "python").exists():
                return final
            shutil.rmtree(final, ignore_errors=True)
            for leftover in self._folder.glob(f".{name}.building-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            scratch = Path(tempfile.mkdtemp(prefix=f".{name}.building-", dir=self._folder))
            try:
                build(scratch / "python")
                (scratch / "python").rename(final)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        return final

    def _build_base(self, lock: RuntimeLock, target: Path) -> None:
        path = target.with_name("lock.txt")
        path.write_text(lock.text, encoding="utf-8")
        create = [
            "venv",
            "--quiet",
            "--no-project",
            "--relocatable",
            "--python",
            python_for(lock.python),
            str(target),
        ]
        fill = [
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            str(target / "bin" / "python"),
            str(path),
        ]
        for arguments in (create, fill):
            code, output = self._run(arguments, target.parent, _BUILD_LIMIT)
            if code != 0:
                message = f"could not build the Python environment of Airflow {lock.airflow_version}"
                raise HostFailure(INTERNAL_ERROR, f"{message}: {output.strip()}")

    def _install(self, base: Path, lock: RuntimeLock, text: str, wheels: Path, target: Path) -> None:
        copy_by_links(base, target)
        file, constraints = target.with_name("requirements.txt"), target.with_name("constraints.txt")
        file.write_text(text, encoding="utf-8")
        lines = requirement_rules.constraint_lines(text, lock.essential, lock.constraints)
        constraints.write_text("\n".join(lines) + "\n", encoding="utf-8")
        arguments = [
            "pip",
            "install",
            "--python",
            str(target / "bin" / "python"),
            "--constraint",
            str(constraints),
        ]
        arguments += ["--find-links", str(wheels), "--requirement", str(file)]
        code, output = self._run(arguments, target.parent, requirement_rules.TIME_LIMIT)
        if code is None:
            raise _InstallationFailed(output, requirement_rules.TIMEOUT_LINE)
        if code != 0:
            said = error_line(output)
            raise _InstallationFailed(output, *([said] if said else []), requirement_rules.FAILURE_LINE)
        (target / _INSTALL_LOG).write_text(installed_log(output), encoding="utf-8")

    def _run(self, arguments: list[str], cwd: Path, limit: float) -> tuple[int | None, str]:
        """Return uv's exit code and output; the code is None if it ran out of time."""
        env = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        try:
            done = subprocess.run(
                [self._uv, *arguments],
                check=False,
                cwd=cwd,
                env={**env, "NO_COLOR": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=limit,
            )
        except subprocess.TimeoutExpired as expired:
            return None, (expired.output or b"").decode(errors="replace")
        except OSError as error:
            return 127, f"can't run `{self._uv}`: {error}"
        return done.returncode, done.stdout.decode(errors="replace")


class _InstallationFailed(Exception):  # noqa: N818 - never leaves this module
    """The requirements could not be installed.

    Its arguments are what the log shows: the installer's output, then errors in pip's words, cause first.
    """

    @property
    def cause(self) -> str:
        return str(self.args[1]).removeprefix("ERROR: ")


def python_for(line: str) -> str:
    """Return the Python that uv shall take: the one that runs this if it is of that line, else any of it."""
    own = Path(sys.base_prefix) / "bin" / f"python{line}"
    return str(own) if f"{sys.version_info[0]}.{sys.version_info[1]}" == line and own.exists() else line


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
