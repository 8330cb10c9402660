import pytest

from mwaactl.project.wheel_name import WheelName


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("py3-none-any", True),
        ("py2.py3-none-any", True),
        ("py312-none-any", True),
        ("py313-none-any", False),
        ("py2-none-any", False),
        ("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", True),
        ("cp312-cp312-manylinux_2_34_x86_64", True),
        ("cp312-cp312-manylinux_2_35_x86_64", False),
        ("cp312-cp312-linux_x86_64", True),
        ("cp312-none-manylinux1_x86_64", True),
        ("cp310-abi3-manylinux_2_17_x86_64", True),
        ("cp313-abi3-manylinux_2_17_x86_64", False),
        ("cp310-cp310-manylinux_2_17_x86_64", False),
        ("cp312-cp312-manylinux_2_17_aarch64", False),
        ("cp312-cp312-musllinux_1_2_x86_64", False),
        ("cp312-cp312-macosx_11_0_arm64", False),
        ("cp312-cp312-win_amd64", False),
        ("pp310-pypy310_pp73-manylinux_2_17_x86_64", False),
    ],
)
def test_a_tag_fits_python_3_12_on_a_worker_or_not(tag: str, *, expected: bool) -> None:
    says = WheelName.of(f"some_package-1.0-{tag}.whl")
    assert says is not None
    assert says.fits("3.12") is expected


def test_name_and_version_are_read() -> None:
    says = WheelName.of("Some_Package-1.0%2Blocal-1build-cp311-abi3-any.whl")
    assert says is not None
    assert (says.name, says.version) == ("some-package", "1.0+local")
    assert says.fits("3.11")
    assert not says.fits("3.9")


@pytest.mark.parametrize("file", ["solo-1.0.tar.gz", "solo.whl", "solo-1.0-any.whl", "SHA256SUMS"])
def test_other_files_are_no_wheels(file: str) -> None:
    assert WheelName.of(file) is None
