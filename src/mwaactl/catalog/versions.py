"""Airflow versions on MWAA: their Python and the packages in their image."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from mwaactl.catalog.tables import read_table

type VersionKey = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AirflowVersion:
    """One Airflow version as MWAA runs it. All package names are in their normalised form.

    Attributes:
        version: For example `3.3.1`.
        python: Minor version of Python, for example `3.12`.
        on_mwaa_since: Day on which MWAA began to offer it.
        airflow: Airflow's own packages and their versions.
        providers: Providers in the image and their versions; all others must come from requirements.txt.
        essential: Pins that requirements.txt cannot change.
        libraries: Versions of libraries that DAGs use without naming them, such as boto3.
    """

    version: str
    python: str
    on_mwaa_since: date
    airflow: Mapping[str, str]
    providers: Mapping[str, str]
    essential: Mapping[str, str]
    libraries: Mapping[str, str]

    @property
    def major(self) -> int:
        """2 or 3: decides REST API, command line and web server."""
        return version_key(self.version)[0]

    @property
    def requirements(self) -> tuple[str, ...]:
        """What to install for this version: `name==version`, Airflow first, then its providers."""
        pins = {**self.airflow, **self.providers}
        return tuple(f"{name}=={version}" for name, version in pins.items())


def version_key(version: str) -> VersionKey:
    """Turns `3.2.1` into `(3, 2, 1)`, so that versions compare as numbers."""
    return tuple(int(part) for part in version.split("."))


@cache
def airflow_versions() -> Mapping[str, AirflowVersion]:
    """All supported versions by their number, newest first."""
    rows = read_table("versions")["version"]
    return MappingProxyType(
        {row["airflow"]: _read_version(row["airflow"], row["python"], row["on_mwaa_since"]) for row in rows}
    )


def airflow_version(version: str) -> AirflowVersion:
    """Returns a supported version.

    Raises:
        KeyError: mwaactl does not support the version.
    """
    return airflow_versions()[version]


def default_airflow_version() -> str:
    """The version of an environment that names none."""
    return str(read_table("versions")["default"])


def unsupported_on_mwaa() -> tuple[str, ...]:
    """Versions that MWAA creates but mwaactl does not support."""
    return tuple(read_table("versions")["also_on_mwaa"])


def _read_version(version: str, python: str, since: date) -> AirflowVersion:
    pins = read_table(f"pins/{version}")
    return AirflowVersion(
        version=version,
        python=python,
        on_mwaa_since=since,
        airflow=MappingProxyType(dict(pins["airflow"])),
        providers=MappingProxyType(dict(pins["providers"])),
        essential=MappingProxyType(dict(pins["essential"])),
        libraries=MappingProxyType(dict(pins["libraries"])),
    )
