"""The locked package set of each Airflow version, read from the catalog."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from mwaactl.catalog.constraints import airflow_constraints

_PIN = re.compile(r"^(?P<pin>[A-Za-z0-9][A-Za-z0-9._-]*==[^ ;\\]+(?: *;[^\\]+)?)")


@dataclass(frozen=True, slots=True)
class RuntimeLock:
    """What is installed for one Airflow version.

    Attributes:
        airflow_version: Such as `3.3.1`.
        python: The Python line, such as `3.12`.
        text: The lock file with its hashes.
        essential: The pins that a requirements.txt never overrides, as `name==version`.
    """

    airflow_version: str
    python: str
    text: str
    essential: tuple[str, ...]

    @property
    def airflow_major(self) -> int:
        """Airflow's major version, 2 or 3."""
        return int(self.airflow_version.partition(".")[0])

    @property
    def digest(self) -> str:
        """What tells this package set from every other, short enough for a path."""
        return hashlib.sha256(f"{self.python}\n{self.text}".encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """What the package set is called in folders and databases."""
        return f"{self.airflow_version}-{self.digest}"

    @property
    def pins(self) -> tuple[str, ...]:
        """Every locked package as a constraint line: version and marker, no hashes."""
        matches = (_PIN.match(line) for line in self.text.splitlines())
        return tuple(match["pin"].strip() for match in matches if match)

    @property
    def constraints(self) -> tuple[str, ...]:
        """What holds where a requirements.txt names no constraints: MWAA's, and the rest of the lock."""
        said = airflow_constraints(self.airflow_version)
        rest = (pin for pin in self.pins if pin.partition("==")[0] not in said)
        return (*(f"{name}=={version}" for name, version in said.items()), *rest)


def locked_versions() -> tuple[str, ...]:
    """Return the Airflow versions that have a lock, newest first as the catalog lists them."""
    return tuple(_pins())


def read_lock(airflow_version: str) -> RuntimeLock:
    """Return the lock of one Airflow version.

    Raises:
        KeyError: The catalog has no lock for it.
    """
    pins = _pins()[airflow_version]
    text = (
        resources.files("mwaactl.catalog")
        .joinpath("locks", f"airflow-{airflow_version}.txt")
        .read_text("utf-8")
    )
    return RuntimeLock(airflow_version, pins["python"], text, tuple(pins["essential"]))


def _pins() -> dict[str, dict[str, Any]]:
    text = resources.files("mwaactl.catalog").joinpath("runtime_pins.toml").read_text("utf-8")
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)["airflow"]
    return tables
