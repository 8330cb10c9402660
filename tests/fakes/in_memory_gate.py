"""The gate without Airflow, pip and ruff: each answers as it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mwaactl.project.airflow_parsing.parser import Parser
from mwaactl.project.checks.airflow_migration import AirflowMigration
from mwaactl.project.gate import Gate
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements.process import Completed, OnLine
from mwaactl.project.requirements.uv import Uv
from tests.fakes.scripted_driver import ScriptedDriver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mwaactl.cli.steps import Steps

ABSENT = "ERROR: No matching distribution found for no-such-package==1.0\n"


@dataclass(slots=True)
class InMemoryGate:
    """Makes gates.

    Attributes:
        driver: Says what Airflow finds.
        ruff: What ruff finds, by path below the root: rule, line, message.
        runs: Programs that were run, by the first word that tells them apart.
    """

    driver: ScriptedDriver = field(default_factory=ScriptedDriver)
    ruff: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    runs: list[str] = field(default_factory=list)

    def gate(self, root: Path, version: str, environ: Mapping[str, str], steps: Steps, **parser: Any) -> Gate:
        folder = root / ".mwaactl" / "checks"
        environments = CleanEnvironments(folder, Uv(self.run, {}), package_set(version), "pip==1\n")
        python = folder / f"airflow-{version}-{environments.digest}" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        made = Parser(environments, self.driver, environ, steps.stage, steps.tick, workers=1, **parser)
        return Gate(made, AirflowMigration(self.run, {}, ("ruff",)))

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        assert on_line is None
        assert timeout > 0
        assert environ is not None
        if argv[0] == "ruff":
            return self._ruff(argv, cwd)
        self.runs.append("pip" if "-m" in argv else "uv")
        text = (cwd / "requirements.txt").read_text() if (cwd / "requirements.txt").exists() else ""
        return Completed(1, ABSENT, 0.1) if "no-such-package" in text else Completed(0, "", 0.1)

    def _ruff(self, argv: Sequence[str], cwd: Path) -> Completed:
        self.runs.append("ruff")
        found = [
            {
                "filename": str(cwd / path),
                "code": rule,
                "location": {"row": line},
                "message": said,
                "fix": None,
            }
            for path, (rule, line, said) in self.ruff.items()
        ]
        Path(argv[argv.index("--output-file") + 1]).write_text(json.dumps(found))
        return Completed(0, "", 0.1)
