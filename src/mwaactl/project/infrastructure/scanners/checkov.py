"""checkov, in an environment of its own: its pins and those of the toolkit do not go together.

https://www.checkov.io; `--skip-download` keeps it from asking for guidelines over the network.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from mwaactl.errors import ProjectError
from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.scanners.scan import Means, NotRunError, Scanned, template_files
from mwaactl.project.requirements.storage import scratch_folder
from mwaactl.project.requirements.uv import Uv, reason_of

_SECONDS = 900.0


def checkov_lock() -> str:
    """Returns the lock of its environment."""
    return files("mwaactl.catalog").joinpath("locks", "checkov.txt").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Checkov:
    """Runs checkov.

    Attributes:
        uv: Builds its environment when it is needed for the first time.
    """

    uv: Uv

    @property
    def name(self) -> str:
        """What people call it."""
        return "checkov"

    def scan(self, assembly: Assembly, means: Means) -> Iterator[Scanned]:
        """Looks at all templates.

        Raises:
            NotRunError: Its environment cannot be built, or it failed.
        """
        python = self._environment(means.folder) / "bin" / "python"
        options = ["--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "--soft-fail"]
        command = [str(python), "-m", "checkov.main", *options, "--output", "json", "--file"]
        ended = means.run([*command, *template_files(assembly)], cwd=assembly.folder, environ=means.environ)
        try:
            answer = json.loads(ended.stdout)
        except ValueError:
            why = f"failed: {(ended.stderr.strip().splitlines() or ['it said nothing'])[-1]}"
            raise NotRunError(why) from None
        for report in answer if isinstance(answer, list) else [answer]:
            yield from _scanned(report)

    def _environment(self, folder: Path) -> Path:
        lock = checkov_lock()
        final = folder / f"checkov-{hashlib.sha256(lock.encode()).hexdigest()[:16]}"
        if (final / "bin" / "python").exists():
            return final
        try:
            with scratch_folder(folder, ".building-") as scratch:
                (scratch / "lock.txt").write_text(lock, encoding="utf-8")
                self._run(
                    ["venv", "--no-project", "--relocatable", "--python", sys.executable, "python"], scratch
                )
                fill = [
                    "pip",
                    "sync",
                    "--require-hashes",
                    "--python",
                    "python/bin/python",
                    *self.uv.arguments,
                ]
                self._run([*fill, "lock.txt"], scratch)
                shutil.rmtree(final, ignore_errors=True)
                (scratch / "python").rename(final)
        except ProjectError as error:
            why = f"cannot be installed: {error.message}"
            raise NotRunError(why) from error
        return final

    def _run(self, arguments: list[str], folder: Path) -> None:
        command = [self.uv.executable, *arguments, "--quiet", "--color", "never"]
        done = self.uv.run(command, cwd=folder, environ=self.uv.environ, timeout=_SECONDS)
        if done.code != 0:
            why = f"cannot be installed: {reason_of(done.output)}"
            raise NotRunError(why)


def _scanned(report: dict[str, Any]) -> Iterator[Scanned]:
    results = report.get("results", {})
    for broken in results.get("parsing_errors", ()):
        yield Scanned(
            ("Checkov::parsing",), "error", Path(broken).name, "", "checkov cannot read the template"
        )
    for found in results.get("failed_checks", ()):
        yield Scanned(
            (f"Checkov::{found['check_id']}",),
            "error",
            Path(found["file_path"]).name,
            found["resource"].rpartition(".")[2],
            f"does not hold: {found['check_name'].removesuffix('.')}",
        )
