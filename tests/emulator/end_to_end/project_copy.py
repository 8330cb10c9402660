"""A copy of this repository on a port of its own, driven by the commands a user types."""

import json
import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from mwaactl.emulator.status_page import STATUS_PATH

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("dags", "plugins", "functions", "requirements", "startup", "infra", "cdk.json", "package.json")
SHARED = (".venv", ".tools", "node_modules", ".python-version")
LOCAL_ENDPOINT = "http://127.0.0.1:4577"
COMMAND_SECONDS = 500
TENANTS = Path("dags/reference_pipelines/tenants/_tenants.yaml")
SETTINGS = Path("dags/reference_pipelines/settings.py")
PAUSE = "timedelta(seconds=15)"
FEW = 5


@dataclass(frozen=True)
class ProjectCopy:
    """A project tree in a temporary folder.

    Attributes:
        root: the folder.
        endpoint_url: where its emulator listens.
        index_url: the package index that its commands ask.
    """

    root: Path
    endpoint_url: str
    index_url: str

    def run(self, *argv: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program of the toolkit's environment in the project and return what it said."""
        program = str(self.root / ".venv" / "bin" / argv[0])
        return subprocess.run(
            [program, *argv[1:]],
            cwd=self.root,
            env={**quiet_environment(), **self._index(), **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )

    def _index(self) -> dict[str, str]:
        return {"UV_DEFAULT_INDEX": self.index_url, "PIP_INDEX_URL": self.index_url}

    def mwaactl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `mwaactl` in the project."""
        return self.run("mwaactl", *arguments)

    def answer(self, *arguments: str) -> Any:
        """Run `mwaactl … --json`, which must succeed, and return its answer."""
        done = self.mwaactl(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def status(self) -> dict[str, Any]:
        """Return what the emulator says of itself: a program for each look would slow Airflow."""
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"{self.endpoint_url}{STATUS_PATH}", timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def environments(self) -> list[dict[str, Any]]:
        """Return what the emulator says of its environments."""
        found: list[dict[str, Any]] = self.status()["environments"]
        return found

    def exports(self) -> dict[str, str]:
        """Return the variables that `eval "$(mwaactl emulator env)"` would set."""
        script = self.mwaactl("emulator", "env").stdout + "\nenv -0"
        done = subprocess.run(
            ["bash", "-c", script], env=quiet_environment(), capture_output=True, text=True, check=True
        )
        return dict(line.split("=", 1) for line in done.stdout.split("\0") if "=" in line)


def keep_few_tenants(file: Path) -> None:
    """Leave some of the 200 tenants: to parse their DAGs over and over keeps other tests waiting."""
    comment, *tenants = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([comment, *tenants[:FEW]]), encoding="utf-8")


def retry_soon(file: Path) -> None:
    """Have tasks that are to fail do so within seconds."""
    text = file.read_text(encoding="utf-8")
    assert PAUSE in text
    file.write_text(text.replace(PAUSE, "timedelta(seconds=1)"), encoding="utf-8")


def copy_project(folder: Path, index_url: str) -> ProjectCopy:
    """Copy what a project consists of; share the set-up and the Airflow runtimes with this repository."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "locks"))
        else:
            shutil.copy(source, folder / part)
    keep_few_tenants(folder / TENANTS)
    retry_soon(folder / SETTINGS)
    for part in SHARED:
        if (ROOT / part).exists():  # .tools is only there where uv had to be installed
            (folder / part).symlink_to(ROOT / part)
    (folder / ".mwaactl").mkdir()
    for part in ("runtimes", "checks"):
        kept = ROOT / ".mwaactl" / part
        kept.mkdir(parents=True, exist_ok=True)
        (folder / ".mwaactl" / part).symlink_to(kept)
    endpoint_url = f"http://127.0.0.1:{_free_port()}"
    text = (ROOT / "mwaactl.toml").read_text(encoding="utf-8")
    assert LOCAL_ENDPOINT in text
    (folder / "mwaactl.toml").write_text(text.replace(LOCAL_ENDPOINT, endpoint_url), encoding="utf-8")
    return ProjectCopy(folder, endpoint_url, index_url)


def quiet_environment() -> dict[str, str]:
    """Return this process's environment without anything that speaks of AWS or of colours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MWAACTL_"))}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "100"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
