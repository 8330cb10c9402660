import pytest

from mwaactl.catalog.versions import airflow_versions
from mwaactl.project.requirements.markers import holds_on_worker, is_marker, may_hold_on_worker
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


@pytest.mark.parametrize("marker", ["extra == 'x'", "python_version ~= '3.12'", "platform_release in '5'"])
def test_what_is_not_understood_may_hold(marker: str) -> None:
    assert may_hold_on_worker(marker, "3.12")


def test_what_is_understood_may_not_hold() -> None:
    assert not may_hold_on_worker("sys_platform == 'win32'", "3.12")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python_version < '3.13'", True),
        ("'linux' in sys_platform", True),
        ("(os_name=='posix' or extra not in 'a b') and python_full_version ~= \"3.12\"", True),
        ("python", False),
        ("python_version", False),
        ("python_version < 3.13", False),
        ("'a' == 'b'", False),
        ("os_name == 'posix' python_version < '4'", False),
        ("(os_name == 'posix'", False),
        ("os_name == 'posix", False),
    ],
)
def test_a_marker_is_one_that_pip_reads(text: str, *, expected: bool) -> None:
    assert is_marker(text) is expected
