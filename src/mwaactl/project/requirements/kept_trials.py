"""Results of trials that went well, kept by content, and the log of the last one."""

import hashlib
import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.reading import digest_of
from mwaactl.project.requirements.clean_environment import CleanEnvironments
from mwaactl.project.requirements.installation import Installation, InstalledPackage
from mwaactl.project.requirements.storage import replace_file, writing
from mwaactl.redaction import redacted

LOG = "requirements_install.log"
# To be raised when what a trial finds changes.
_FORMAT = 2
_NAMED = (".whl", ".txt", ".gz", ".zip")


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """A trial that went well."""

    findings: tuple[Finding, ...]
    packages: tuple[InstalledPackage, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class KeptTrials:
    """Where the result for one content is kept.

    Attributes:
        folder: For example `.mwaactl/checks`.
        digest: What tells requirements, environment and machine from any other.
    """

    folder: Path
    digest: str

    @classmethod
    def of(cls, bundle: Bundle, environments: CleanEnvironments) -> Self:
        """Returns the place for a bundle's requirements in an environment, on this machine."""
        digest = hashlib.sha256()
        packages = environments.packages
        pins = (packages.essential_constraints, packages.airflow_constraints)
        machine = (platform.platform(), str(environments.native))
        for part in (str(_FORMAT), environments.digest, *pins, *machine, *_contents(bundle)):
            digest.update(part.encode() + b"\0")
        return cls(environments.folder, digest.hexdigest()[:32])

    def read(self) -> KeptTrial | None:
        """Returns the result; None where there is none that can be read."""
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            findings = tuple(Finding(**each) for each in data["findings"])
            packages = tuple(InstalledPackage(**each) for each in data["packages"])
            return KeptTrial(findings, packages, data["seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, findings: Sequence[Finding], done: Installation) -> None:
        """Keeps a result."""
        kept = KeptTrial(tuple(findings), done.packages, done.seconds)
        with writing(f".mwaactl/{self.folder.name}"):
            replace_file(self._path, json.dumps(asdict(kept)).encode())

    def write_log(self, output: str) -> None:
        """Keeps what pip wrote, for people to read."""
        with writing(f".mwaactl/{self.folder.name}"):
            replace_file(self.folder / LOG, redacted(output).encode())

    @property
    def _path(self) -> Path:
        return self.folder / "results" / f"{self.digest}.json"


def _contents(bundle: Bundle) -> Iterator[str]:
    if bundle.requirements is None:
        return
    yield bundle.requirements.sha256
    if b"/usr/local/airflow" not in bundle.requirements.content:
        return
    files = [(f"plugins/{file.name}", file.path) for file in bundle.plugin_files]
    for name, path in (*files, *((file.key, file.path) for file in bundle.dags)):
        if name.endswith(_NAMED):
            yield f"{name} {digest_of(path, name)[0]}"
