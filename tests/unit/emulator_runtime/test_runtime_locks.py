import re

import pytest

from mwaactl.emulator.runtime.locks import locked_versions, read_lock

VERSIONS = ("3.3.1", "3.2.1", "3.0.6", "2.11.2", "2.10.3")
AMAZON = {"3.3.1": "9.34.0", "3.2.1": "9.25.0", "3.0.6": "9.12.0", "2.11.2": "9.22.0", "2.10.3": "9.0.0"}


def test_every_supported_version_has_a_lock() -> None:
    assert locked_versions() == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_lock_names_packages_and_hashes_and_no_address(version: str) -> None:
    lock = read_lock(version)
    entries = re.split(r"\n(?=\S)", lock.text.strip())
    assert len(entries) > 150
    assert all(re.match(r"[a-z0-9._-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"(https?|file)://|--(extra-)?index-url|--find-links", lock.text)


@pytest.mark.parametrize("version", VERSIONS)
def test_lock_has_the_providers_that_mwaa_installs(version: str) -> None:
    pins = {pin.split(" ;")[0] for pin in read_lock(version).pins}
    assert f"apache-airflow=={version}" in pins
    assert f"apache-airflow-providers-amazon=={AMAZON[version]}" in pins
    assert not any("--hash" in pin or "\\" in pin for pin in pins)


@pytest.mark.parametrize("version", VERSIONS)
def test_lock_agrees_with_the_pins_nobody_may_override(version: str) -> None:
    lock = read_lock(version)
    locked = dict(pin.split(" ;")[0].split("==") for pin in lock.pins)
    essential = dict(pin.split("==") for pin in lock.essential)
    common = locked.keys() & essential.keys()
    assert {"apache-airflow", "celery", "sqlalchemy", "flask"} <= common
    assert {name: locked[name] for name in common} == {name: essential[name] for name in common}


def test_versions_are_told_apart_by_their_digest() -> None:
    assert len({read_lock(version).digest for version in VERSIONS}) == len(VERSIONS)


def test_only_the_oldest_version_runs_on_python_3_11() -> None:
    assert {version: read_lock(version).python for version in VERSIONS} == {
        **dict.fromkeys(VERSIONS, "3.12"),
        "2.10.3": "3.11",
    }


def test_constraints_hold_for_packages_that_are_not_installed_too() -> None:
    lock = read_lock("3.3.1")
    assert "pandas==3.0.5" in lock.constraints
    assert not [pin for pin in lock.pins if pin.startswith("pandas==")]
    assert {"apache-airflow==3.3.1", "boto3==1.43.56"} <= set(lock.constraints)
