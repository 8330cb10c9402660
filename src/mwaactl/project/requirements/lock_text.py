"""The text of a locked requirements.txt."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.requirements_file import normalised

_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=(\S+)")


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """One package as it is to be installed.

    Attributes:
        name: Its normalised name.
        version: The one version.
        hashes: What its files may hash to, as `sha256:…`.
    """

    name: str
    version: str
    hashes: tuple[str, ...]


def read_pins(compiled: str) -> Iterator[Pin]:
    """Reads what `uv pip compile --generate-hashes` wrote, without annotations.

    Args:
        compiled: For each package `name==version` and its hashes, on continued lines.
    """
    for entry in compiled.replace("\\\n", " ").splitlines():
        if match := _PIN.match(entry):
            hashes = tuple(sorted(_HASH.findall(entry)))
            yield Pin(normalised(match["name"]), match["version"], hashes)


def missing_in(installed: Mapping[str, str], pins: Iterable[Pin]) -> tuple[Pin, ...]:
    """Returns the pins that are not installed already, sorted by name.

    What is installed needs neither line nor hash: pip takes it as it is, and leaving it out lets the same
    requirements.txt follow the next Airflow version.
    """
    return tuple(sorted(pin for pin in pins if installed.get(pin.name) != pin.version))


def render_lock(pins: Iterable[Pin], version: AirflowVersion) -> str:
    """Returns requirements.txt: a head that says where it comes from, then each pin with its hashes."""
    head = (
        f"# Made from requirements.in by `mwaactl requirements lock` for Airflow {version.version} on Python"
        f" {version.python}.\n"
        "# Change that file, not this one. No line names constraints, so that MWAA applies its own.\n"
    )
    return head + "".join(_entry(pin) for pin in pins)


def _entry(pin: Pin) -> str:
    return " \\\n    ".join([f"{pin.name}=={pin.version}", *(f"--hash={each}" for each in pin.hashes)]) + "\n"
