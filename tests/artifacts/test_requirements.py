"""requirements.txt: pinned, hashed, and what the DAGs import beyond MWAA's packages."""

import re
from pathlib import Path

from tests.artifacts.conftest import RunPython

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "requirements" / "requirements.txt").read_text()
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", TEXT, re.MULTILINE))


def test_every_requirement_is_pinned_with_hashes() -> None:
    entries = [
        entry
        for entry in re.sub(r"^#.*$", "", TEXT, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
        if entry
    ]
    assert entries
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9-]+==\S+( +--hash=sha256:[0-9a-f]{64})+", entry.strip()), entry


def test_requirements_in_asks_for_the_same_pins() -> None:
    asked = (ROOT / "requirements" / "requirements.in").read_text()
    assert dict(re.findall(r"^([a-z0-9-]+)==(\S+)", asked, re.MULTILINE)).items() <= PINS.items()


def test_mwaas_own_constraints_stay_in_force() -> None:
    # MWAA looks for this in every line, comments too, and then leaves its constraints out.
    assert not re.search(r"-c |--constraint |--(extra-)?index-url", TEXT)


def test_no_requirement_is_in_mwaas_package_set_already(bare_airflow: RunPython) -> None:
    installed = bare_airflow(
        "import importlib.metadata as m, json; print(json.dumps([d.name.lower() for d in m.distributions()]))"
    )
    assert "apache-airflow" in installed
    assert set(installed) & PINS.keys() == set()
