"""Asks uv whether a set of requirements can be installed together with an Airflow version."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.errors import ProjectError
from mwaactl.project.checks.requirements_constraints import switches_constraints_off
from mwaactl.project.requirements.package_set import package_set

# Amazon Linux 2023, which MWAA's images are built on, has glibc 2.34.
PLATFORM = "x86_64-manylinux_2_34"


@dataclass(frozen=True, slots=True)
class Compilation:
    """What uv answered.

    Attributes:
        solved: Whether all requirements can be installed together.
        explanation: uv's own words where they cannot, or where it could not find out.
    """

    solved: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class UvCompiler:
    """Resolves requirements by `uv pip compile`.

    Attributes:
        uv: Path or name of uv.
        python: A Python interpreter for uv to ask; the target is the environment's Python all the same.
        arguments: More arguments, for example an index.
        timeout: Seconds that uv may take.
    """

    uv: str = "uv"
    python: str = sys.executable
    arguments: Sequence[str] = ()
    timeout: float = 240.0

    def compile(self, requirements: bytes, version: AirflowVersion) -> Compilation:
        """Resolves the requirements under the constraints that MWAA's pip gets, and what is installed.

        Args:
            requirements: Content of requirements.txt.
            version: The Airflow version whose packages are there already.

        Raises:
            ProjectError: uv is missing, or took too long.
        """
        packages = package_set(version.version)
        constraints = {"essential.txt": packages.essential_constraints}
        if not switches_constraints_off(requirements):
            constraints["airflow.txt"] = packages.airflow_constraints
            constraints["installed.txt"] = packages.installed_constraints
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "requirements.txt").write_bytes(requirements)
            for file, text in constraints.items():
                (folder / file).write_text(text, encoding="utf-8")
            inputs = ["requirements.txt", *(word for file in constraints for word in ("-c", file))]
            done = self._run(inputs, version, folder)
        return Compilation(done.returncode == 0, done.stderr.decode(errors="replace").strip())

    def _run(
        self, inputs: Sequence[str], version: AirflowVersion, folder: Path
    ) -> subprocess.CompletedProcess[bytes]:
        target = ["--python-version", version.python, "--python-platform", PLATFORM]
        command = [self.uv, "pip", "compile", "--quiet", "--no-header", "--color", "never"]
        command += ["--python", self.python, *target, *self.arguments, *inputs]
        try:
            return subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=self.timeout)
        except FileNotFoundError as error:
            message = f"the requirements cannot be resolved: there is no `{self.uv}`"
            raise ProjectError(
                message, hint="run `make` once, which installs uv", code="project.no-uv"
            ) from error
        except subprocess.TimeoutExpired as error:
            message = f"the requirements could not be resolved within {self.timeout:.0f} seconds"
            raise ProjectError(message, code="project.requirements-unresolved") from error
