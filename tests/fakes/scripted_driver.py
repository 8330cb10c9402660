"""A driver that answers from a script, and a project whose runtime is there already."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mwaactl.config.environment import EnvironmentConfig, NetworkConfig
from mwaactl.project.airflow_parsing.parser import Parser
from mwaactl.project.bundle import Bundle, read_bundle
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements.uv import Uv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mwaactl.project.requirements.process import Completed, OnLine

ENVIRONMENT = EnvironmentConfig(
    project="flights",
    environment="dev",
    account="123456789012",
    region="eu-west-1",
    endpoint_url=None,
    airflow_version="3.3.1",
    environment_class="mw1.small",
    min_workers=1,
    max_workers=2,
    schedulers=2,
    min_webservers=2,
    max_webservers=2,
    webserver_access_mode="PUBLIC_ONLY",
    maintenance_window=None,
    log_levels={},
    airflow_config_options={},
    tags={},
    network=NetworkConfig("one", "10.0.0.0/16", ("a", "b")),
)


def never(
    argv: Sequence[str],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    timeout: float,
    on_line: OnLine | None = None,
) -> Completed:
    raise AssertionError((argv, cwd, environ, timeout, on_line))


@dataclass(slots=True)
class ScriptedDriver:
    """Finds in each file what it is told, and reads only the file itself unless it is told.

    Attributes:
        found: File below dags/ to what is found in it, beside nothing at all.
        plugins: What is found in plugins/.
        failure: Why Airflow does not start.
        parsed: Files that it was asked to parse, run by run.
        seen: Files that lay in the DAG folder, in the last run.
        environ: The variables of the last run.
    """

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    plugins: dict[str, Any] = field(default_factory=dict)
    failure: str | None = None
    parsed: list[list[str]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str], take: Callable[[bytes], None]
    ) -> None:
        job = json.loads(Path(argv[-1]).read_text())
        assert Path(job["dags"]).is_relative_to(cwd)
        dags = Path(job["dags"])
        self.environ = dict(environ)
        self.seen = sorted(str(path.relative_to(dags)) for path in dags.rglob("*") if path.is_file())
        if self.failure:
            take(json.dumps({"kind": "failed", "text": self.failure}).encode())
            return
        files = [
            name
            for name in self.seen
            if name.endswith((".py", ".zip")) and b"DAG" in (dags / name).read_bytes()
        ]
        self.parsed.append([name for name in files if name not in job["known"]])
        lines: list[dict[str, Any]] = [{"kind": "listed", "files": files}]
        lines += [{"kind": "parsed", "file": "plugins", **self.plugins}]
        for name in self.parsed[-1]:
            reads = {"reads": [f"{dags}/{name}"]}
            lines.append({"kind": "parsed", "file": name, **reads, **self.found.get(name, {})})
        for line in [*lines, {"kind": "done"}]:
            take(json.dumps(line).encode())


@dataclass(slots=True)
class ParsedProject:
    """A project folder, and what Airflow is made to say about it."""

    root: Path
    driver: ScriptedDriver = field(default_factory=ScriptedDriver)
    environ: dict[str, str] = field(default_factory=dict)
    stages: list[str] = field(default_factory=list)

    def write(self, path: str, content: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def bundle(self) -> Bundle:
        return read_bundle(self.root)

    def parser(self, **options: Any) -> Parser:
        environments = CleanEnvironments(
            self.root / ".mwaactl" / "checks", Uv(never, {}), package_set("3.3.1"), "pip==1\n"
        )
        python = environments.folder / f"airflow-3.3.1-{environments.digest}" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return Parser(environments, self.driver, self.environ, self.stages.append, workers=1, **options)
