"""Many templates looked at in one run of each scanner, which mostly takes its time to start."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaactl.config.load import load_config
from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.program import run_program
from mwaactl.project.infrastructure.scanners.cfn_guard import ControlTower
from mwaactl.project.infrastructure.scanners.cfn_lint import CfnLint
from mwaactl.project.infrastructure.scanners.checkov import Checkov
from mwaactl.project.infrastructure.scanners.scan import Means, Scanned, Scanner
from mwaactl.project.requirements.process import run_process
from mwaactl.project.requirements.uv import Uv

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".mwaactl" / "checks"


@dataclass(frozen=True, slots=True)
class Collected:
    """Templates of several syntheses side by side, each under a name of its own."""

    folder: Path
    known: set[bytes] = field(default_factory=set)

    def add(self, prefix: str, outdir: Path) -> None:
        """Adds what a synthesis left, with its acknowledgements, as constructs below `prefix`.

        A stack that is here already, from another configuration to the byte, is left out.
        """
        self.folder.mkdir(exist_ok=True)
        for file in outdir.glob("*.template.json"):
            beside = file.with_name(file.name.replace(".template.", ".metadata."))
            content, metadata = file.read_bytes(), beside.read_text(encoding="utf-8")
            if content + metadata.encode() in self.known:
                continue
            self.known.add(content + metadata.encode())
            renamed = {f"/{prefix}{path}": each for path, each in json.loads(metadata).items()}
            (self.folder / f"{prefix}.{file.name}").write_bytes(content)
            (self.folder / f"{prefix}.{beside.name}").write_text(json.dumps(renamed), encoding="utf-8")

    def add_template(self, name: str, body: Mapping[str, Any]) -> None:
        """Adds one template, without acknowledgements."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{name}.template.json").write_text(json.dumps(body), encoding="utf-8")

    def assembly(self, region: str) -> Assembly:
        return Assembly.read(self.folder, region)


def slow_scanners(environ: Mapping[str, str]) -> tuple[Scanner, ...]:
    own = ROOT / ".tools" / "uv" / "bin" / "uv"
    uv = Uv(run_process, environ, str(own) if own.is_file() else "uv")
    return CfnLint(), ControlTower(), Checkov(uv)


def scan(scanner: Scanner, assembly: Assembly, environ: Mapping[str, str]) -> list[Scanned]:
    region = load_config(ROOT / "mwaactl.toml").environments["dev"].region
    return list(scanner.scan(assembly, Means(run_program, environ, KEPT, region)))


def unacknowledged(assembly: Assembly, scanned: Iterable[Scanned]) -> list[str]:
    """What nobody accepted, in words for a test's failure."""
    return [
        f"{each.ids[0]} at {assembly.constructs.get((each.template, each.logical_id), each.template)}"
        for each in scanned
        if assembly.reason(assembly.constructs.get((each.template, each.logical_id), ""), each.ids) is None
    ]
