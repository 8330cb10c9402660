import pytest

from mwaactl.catalog.versions import airflow_versions
from mwaactl.project.requirements.markers import holds_on_worker
from mwaactl.project.requirements.package_set import package_set


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("", True),
        ("sys_platform == 'win32'", False),
        ("python_full_version >= '3.13'", False),
        ("python_full_version < '3.11.3'", False),
        ("python_full_version < '3.13' or sys_platform == 'win32'", True),
        ("platform_python_implementation == 'CPython' and sys_platform != 'win32'", True),
        ("platform_machine == 'aarch64' or platform_machine == 'x86_64'", True),
    ],
)
def test_a_marker_holds_or_not(marker: str, *, expected: bool) -> None:
    assert holds_on_worker(marker, "3.12") is expected


def test_a_marker_of_another_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="not understood"):
        holds_on_worker("extra == 'x'", "3.12")


@pytest.mark.parametrize("version", list(airflow_versions()))
def test_every_set_agrees_with_the_essential_pins_it_has(version: str) -> None:
    packages = package_set(version)
    assert packages.pins["apache-airflow"] == version
    assert len(packages.pins) > 100
    both = packages.version.essential.keys() & packages.pins.keys()
    assert {name: packages.pins[name] for name in both} == {
        name: packages.version.essential[name] for name in both
    }
