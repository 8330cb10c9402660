"""A CDK app and scanners that write what a test decides, as programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaactl.project.infrastructure.program import Ended

type Constructs = Mapping[str, str]


@dataclass
class CdkPrograms:
    """Answers for each program that is run.

    Attributes:
        resources: What the stack `orders` has.
        constructs: Logical id to path of the construct.
        acknowledged: Path of a construct to what is acknowledged there.
        reports: What plugins of the CDK reported.
        origins: What the tracing wrote.
        app: How the app ends.
        answers: What any other program answers, by a word of its command line.
        ran: The words of each run.
    """

    resources: dict[str, Any] = field(default_factory=dict)
    constructs: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)
    origins: dict[str, tuple[str, int]] = field(default_factory=dict)
    app: Ended = field(default_factory=lambda: Ended(0, "", ""))
    answers: dict[str, Ended] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)

    def __call__(self, argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str]) -> Ended:
        del cwd
        if "CDK_OUTDIR" in environ:
            traced = "MWAACTL_ORIGINS" in environ
            self.ran.append("traced app" if traced else "app")
            self._synthesise(Path(environ["CDK_OUTDIR"]))
            if traced:
                Path(environ["MWAACTL_ORIGINS"]).write_text(json.dumps(self.origins))
            return self.app
        words = " ".join(argv)
        self.ran.append(words)
        return next((ended for word, ended in self.answers.items() if word in words), Ended(0, "[]", ""))

    def _synthesise(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        if not self.resources:
            return
        (folder / "orders.template.json").write_text(json.dumps({"Resources": self.resources}))
        metadata: dict[str, list[dict[str, Any]]] = {}
        for logical_id, path in self.constructs.items():
            metadata.setdefault(f"/{path}", []).append({"type": "aws:cdk:logicalId", "data": logical_id})
        for path, reasons in self.acknowledged.items():
            entry = {"type": "aws:cdk:acknowledged-rules", "data": reasons}
            metadata.setdefault(f"/{path}", []).append(entry)
        (folder / "orders.metadata.json").write_text(json.dumps(metadata))
        (folder / "validation-report.json").write_text(json.dumps({"pluginReports": self.reports}))
