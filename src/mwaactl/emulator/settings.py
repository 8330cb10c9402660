"""What one emulator is: where it listens, where it keeps its files, which account and region it plays."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

DEFAULT_PORT = 4577
SYNC_INTERVAL = 1.0
# Seconds that one copy of the DAGs may take, in which nobody knows whether it has an object yet.
COPYING = 5.0
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class BootstrapTarget:
    """An account and region that must look as `cdk bootstrap` leaves them."""

    account_id: str
    region: str


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """The settings of one emulator process, hashable and serialisable.

    Attributes:
        project_root: The working tree that the emulator belongs to.
        state_dir: Where the process id, logs and records live.
        runtimes_dir: Where Python environments for Airflow versions are cached.
        host: The loopback address; always an IP address, so that S3 clients use path-style addresses.
        port: The one port of the AWS endpoint.
        account_id: The account that unsigned and foreign credentials belong to.
        region: The default region.
        sync_interval: Seconds between two looks at the source bucket's DAGs.
        retry_pause: Seconds before an asynchronous invocation of a function is tried again; 60 on AWS.
        uv: The uv executable that builds Python environments.
        bootstrap: Further accounts and regions to prepare for the CDK, besides the own one.
        own_role: The role by whose permissions the developer's own calls are judged; None if by nobody's.
        airflow_versions: Versions whose runtimes are prepared in the background once the emulator answers.
    """

    project_root: Path
    state_dir: Path
    runtimes_dir: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    account_id: str = DEFAULT_ACCOUNT
    region: str = DEFAULT_REGION
    sync_interval: float = SYNC_INTERVAL
    retry_pause: float = 1.0
    uv: str = "uv"
    bootstrap: tuple[BootstrapTarget, ...] = ()
    airflow_versions: tuple[str, ...] = ()
    own_role: str | None = None

    @classmethod
    def for_project(
        cls, root: Path, *, port: int = DEFAULT_PORT, sync_interval: float = SYNC_INTERVAL
    ) -> Self:
        """Return the settings of the emulator of the project at `root`, with state under `.mwaactl/`."""
        root = root.resolve()
        return cls(
            project_root=root,
            state_dir=root / ".mwaactl" / "emulator",
            runtimes_dir=root / ".mwaactl" / "runtimes",
            port=port,
            sync_interval=sync_interval,
            uv=find_uv(root),
        )

    @property
    def endpoint_url(self) -> str:
        """The address of every emulated service."""
        return f"http://{self.host}:{self.port}"

    @property
    def bootstrap_targets(self) -> tuple[BootstrapTarget, ...]:
        """The own account and region, then the further ones, each once."""
        own = BootstrapTarget(self.account_id, self.region)
        return tuple(dict.fromkeys((own, *self.bootstrap)))

    def with_bootstrap(self, *targets: BootstrapTarget) -> Self:
        """Return these settings with further accounts and regions prepared for the CDK."""
        return replace(self, bootstrap=tuple(dict.fromkeys((*self.bootstrap, *targets))))

    def with_airflow(self, *versions: str) -> Self:
        """Return these settings with Airflow versions to prepare ahead of their first environment."""
        return replace(self, airflow_versions=tuple(dict.fromkeys(versions)))

    def serves_as(self, other: EmulatorSettings) -> bool:
        """Tell whether an emulator with these settings is as good as one with the other's.

        What is only prepared ahead may differ: it is made when it is asked for.
        """
        return replace(self, airflow_versions=(), uv=other.uv) == replace(other, airflow_versions=())

    def to_json(self) -> str:
        """Return the settings as JSON, for the emulator process and the state file."""
        return json.dumps(asdict(self), default=str, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the settings that `to_json` wrote.

        Raises:
            ValueError: If the text is not JSON.
            TypeError, KeyError: If it is JSON of another shape.
        """
        fields: dict[str, Any] = json.loads(text)
        paths: dict[str, Any] = {
            name: Path(fields.pop(name)) for name in ("project_root", "state_dir", "runtimes_dir")
        }
        targets = tuple(BootstrapTarget(**target) for target in fields.pop("bootstrap", ()))
        versions = tuple(fields.pop("airflow_versions", ()))
        return cls(**paths, **fields, bootstrap=targets, airflow_versions=versions)


def find_uv(root: Path) -> str:
    """Return the project's own uv if `make` installed one, else the one on the PATH, else plain `uv`."""
    own = root / ".tools" / "uv" / "bin" / "uv"
    return str(own) if own.is_file() else shutil.which("uv") or "uv"
