"""Runs the CDK app as the CDK's own command line does, into a folder of ours."""

import json
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.infrastructure.program import Ended, RunProgram

CDK_JSON = "cdk.json"
ORIGINS = "origins.json"
_FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The CDK app of a project.

    Attributes:
        root: The project's root, where cdk.json lies.
        environment: The environment of mwaactl.toml that is synthesised.
        run: Runs it.
        environ: Variables of the process, complete.
    """

    root: Path
    environment: str
    run: RunProgram
    environ: Mapping[str, str]

    def into(self, folder: Path, *, origins: bool = False) -> Ended:
        """Synthesises.

        Args:
            folder: Where the templates go.
            origins: Whether it is written down where the Python makes each construct, which takes longer.

        Raises:
            ProjectError: cdk.json names no app that can be run.
        """
        settings = self._settings()
        context = {**settings.get("context", {}), "checks": "all", "environment": self.environment}
        environ = {
            **self.environ,
            "CDK_OUTDIR": str(folder),
            "CDK_CONTEXT_JSON": json.dumps(context),
            "MWAACTL_ENVIRONMENT": self.environment,
        }
        if origins:
            tracing = files("mwaactl.project.infrastructure").joinpath("tracing")
            before = environ.get("PYTHONPATH")
            environ["PYTHONPATH"] = ":".join([str(tracing), *([before] if before else [])])
            environ["MWAACTL_ORIGINS"] = str(folder / ORIGINS)
            environ["MWAACTL_ORIGINS_ROOT"] = str(self.root)
        return self.run(self._command(str(settings["app"])), cwd=self.root, environ=environ)

    def _settings(self) -> dict[str, dict[str, object]]:
        try:
            settings = json.loads((self.root / CDK_JSON).read_text(encoding="utf-8"))
            _ = settings["app"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"`{CDK_JSON}` does not say how the CDK app is run"
            raise ProjectError(message, code="project.no-cdk-app") from error
        return dict(settings)

    def _command(self, app: str) -> list[str]:
        """The app's words; where the project has no environment of its own, the Python that runs this."""
        program, *arguments = shlex.split(app)
        own = program.startswith(".venv/") and not (self.root / program).exists()
        return [sys.executable if own else program, *arguments]


def reason_of(ended: Ended, root: Path) -> tuple[str, str, int | None]:
    """Returns why synthesis failed: its last line, and the innermost file and line below the root."""
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    place, number = CDK_JSON, None
    for match in _FRAME.finditer(ended.stderr):
        path = Path(match["file"])
        if path.is_relative_to(root) and not {".venv", "site-packages"} & set(path.parts):
            place, number = path.relative_to(root).as_posix(), int(match["line"])
    return (lines[-1].strip() if lines else "it said nothing"), place, number
