"""ruff's rules about Airflow (AIR…): what is removed or moved in the environment's version, and common slips.

See docs.astral.sh/ruff/rules/#airflow-air. ruff runs as a child process, without the project's configuration.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruff import find_ruff_bin

from mwaactl.catalog.versions import AirflowVersion, version_key
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.dag_files import DAGS
from mwaactl.project.requirements.process import Run

_ALWAYS = ("AIR0",)
# Rules for a migration, and the first version that they are about.
_SINCE: Mapping[str, tuple[int, ...]] = {"AIR30": (3, 0), "AIR31": (3, 0), "AIR32": (3, 1)}
_SECONDS = 300.0


def installed() -> tuple[str, ...]:
    """Returns how ruff is called: as it is, since a Python before it takes longer than itself."""
    try:
        return (find_ruff_bin(),)
    except FileNotFoundError:
        return (sys.executable, "-m", "ruff")  # which says what is missing


@dataclass(frozen=True, slots=True)
class AirflowMigration:
    """The rules, with what runs ruff.

    Attributes:
        run: Runs it.
        environ: Its process environment.
        command: How it is called.
    """

    run: Run
    environ: Mapping[str, str]
    command: Sequence[str] = field(default_factory=installed)

    def __call__(self, bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
        """Reports each place as a warning: what really cannot be imported, Airflow's own parsing shows.

        Raises:
            ProjectError: ruff cannot be run.
        """
        shipped = {dag.key for dag in bundle.dags} | {
            f"{PLUGINS}/{file.name}" for file in bundle.plugin_files
        }
        folders = [name for name in (DAGS, PLUGINS) if any(path.startswith(f"{name}/") for path in shipped)]
        root = bundle.root.resolve()  # ruff names files by where it really runs, and in UTF-8
        named = os.fsencode(root).decode(errors="replace")
        for found in self._check(root, folders, version) if folders else ():
            path = Path(found["filename"]).relative_to(named).as_posix()
            if path in shipped and str(found["code"]).startswith("AIR"):
                fix = found["fix"]["message"].rstrip(".") if found["fix"] else None
                line = int(found["location"]["row"])
                message = str(found["message"]).rstrip(".;")
                yield Finding(found["code"], "warning", path, line, message, fix)

    def _check(self, root: Path, folders: Sequence[str], version: AirflowVersion) -> list[dict[str, Any]]:
        with tempfile.TemporaryDirectory() as scratch:
            output = Path(scratch, "ruff.json")
            arguments = [
                "check",
                "--isolated",
                "--preview",
                "--no-cache",
                "--no-respect-gitignore",
                "--exit-zero",
            ]
            arguments += ["--select", ",".join(_selected(version)), "--output-format", "json"]
            arguments += [
                "--target-version",
                f"py{version.python.replace('.', '')}",
                "--output-file",
                str(output),
            ]
            done = self.run(
                [*self.command, *arguments, *folders], cwd=root, environ=self.environ, timeout=_SECONDS
            )
            if done.code != 0 or not output.exists():
                said = " ".join(done.output.split()) or "it gave no reason"
                message = f"ruff could not check the DAG files: {said}"
                raise ProjectError(message, code="project.no-ruff")
            return list(json.loads(output.read_text(encoding="utf-8") or "[]"))


def _selected(version: AirflowVersion) -> tuple[str, ...]:
    return (*_ALWAYS, *(rule for rule, since in _SINCE.items() if since <= version_key(version.version)))
