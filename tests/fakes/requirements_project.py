"""A project beside a tiny Airflow: real uv and pip, and an index on loopback that is all they can reach."""

from __future__ import annotations

import ensurepip
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.project.bundle import Bundle, read_bundle
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.package_set import PackageSet, package_set
from mwaactl.project.requirements.process import run_process
from mwaactl.project.requirements.uv import Uv
from tests.fakes.wheel_index import Wheel, wheel

if TYPE_CHECKING:
    from mwaactl.project.requirements.process import Run

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv", path=ROOT / ".tools" / "uv" / "bin") or shutil.which("uv") or "uv"
BASE = (wheel("amqp", "5.3.1"), wheel("celery", "5.6.3"))


def bundled_pip_path() -> Path:
    """Return the wheel of the pip that comes with this Python."""
    (path,) = Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")
    return path


def bundled_pip() -> Wheel:
    """Return the same as a file of an index."""
    path = bundled_pip_path()
    return Wheel(path.name, path.read_bytes())


def tiny_set() -> PackageSet:
    """Return a set that has two packages where Airflow's has hundreds; one of them is essential."""
    lock = "".join(f"{each.package}=={each.file.split('-')[1]} {each.hash}\n" for each in BASE)
    version = replace(package_set("3.3.1").version, essential=MappingProxyType({"celery": "5.6.3"}))
    pins = MappingProxyType({"amqp": "5.3.1", "celery": "5.6.3"})
    return PackageSet(version, pins, lock, constraints=pins)


@dataclass(slots=True)
class RequirementsProject:
    """A project folder, and what asks the index at `url` about it; `checks` is its own unless it is given."""

    root: Path
    url: str
    run: Run = run_process
    checks: Path | None = None

    def requires(self, text: str) -> Bundle:
        """Write requirements.txt; return the project as it is then."""
        (self.root / "requirements").mkdir(exist_ok=True)
        (self.root / "requirements" / "requirements.txt").write_text(text)
        return read_bundle(self.root)

    def uv(self) -> Uv:
        environ = {"PATH": os.defpath, "HOME": str(self.root), "PIP_INDEX_URL": self.url}
        environ["UV_HTTP_RETRIES"] = "1"  # an index that does not answer will not answer later
        return Uv(self.run, environ, UV, ("--no-cache", "--no-config", "--default-index", self.url))

    def environments(self) -> CleanEnvironments:
        pip = bundled_pip()
        lock = f"pip=={pip.file.split('-')[1]} {pip.hash}\n"
        folder = self.checks or self.root / ".mwaactl" / "checks"
        return CleanEnvironments(folder, self.uv(), tiny_set(), lock)

    def take(self, kept: Path) -> None:
        """Link the clean environment that another project has built, which takes no build of its own then."""
        folder = self.environments().folder
        shutil.copytree(kept, folder / kept.name, symlinks=True, copy_function=os.link)
