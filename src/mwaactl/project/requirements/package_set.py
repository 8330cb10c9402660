"""What an Airflow version has installed on MWAA before a requirements.txt is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from mwaactl.catalog.constraints import airflow_constraints
from mwaactl.catalog.versions import AirflowVersion, airflow_version
from mwaactl.project.requirements.markers import holds_on_worker
from mwaactl.project.requirements_file import requirement_lines


@dataclass(frozen=True, slots=True)
class PackageSet:
    """The packages of one Airflow version.

    Attributes:
        version: The Airflow version.
        pins: Normalised name to version, for what is installed on a worker.
        lock: The same as a requirements file with hashes, to install it from.
        constraints: What MWAA lets pip take of any package, installed or not, where a requirements.txt
            names no constraints.
    """

    version: AirflowVersion
    pins: Mapping[str, str]
    lock: str
    constraints: Mapping[str, str]

    @property
    def essential_constraints(self) -> str:
        """The pins that MWAA applies to every installation, as a constraints file."""
        return _constraints(self.version.essential)

    @property
    def airflow_constraints(self) -> str:
        """The pins that MWAA applies where a requirements.txt names none, as a constraints file.

        Without hashes: a constraints file that has some would make pip ask for hashes everywhere.
        """
        return _constraints(self.constraints)

    @property
    def installed_constraints(self) -> str:
        """What else is installed, as a constraints file: pip keeps it, and uv has to be told."""
        return _constraints({name: pin for name, pin in self.pins.items() if name not in self.constraints})


@cache
def package_set(version: str) -> PackageSet:
    """Reads the package set of a supported Airflow version from the catalog.

    Raises:
        KeyError: mwaactl does not support the version.
    """
    facts = airflow_version(version)
    lock = files("mwaactl.catalog").joinpath("locks", f"airflow-{version}.txt").read_text("utf-8")
    return PackageSet(facts, pins_of(lock, facts.python), lock, airflow_constraints(version))


def pins_of(lock: str, python: str) -> Mapping[str, str]:
    """Returns what a lock file installs on a worker: normalised name to version."""
    pins = {}
    for line in requirement_lines(lock.encode()):
        if line.name and line.pinned_version and holds_on_worker(line.marker, python):
            pins[line.name] = line.pinned_version
    return MappingProxyType(pins)


def _constraints(pins: Mapping[str, str]) -> str:
    return "".join(f"{name}=={version}\n" for name, version in pins.items())
