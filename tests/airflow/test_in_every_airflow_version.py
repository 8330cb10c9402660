"""Every file of `inside/`, in every Airflow version that `typed_assets` runs on."""

from collections.abc import Callable

import pytest

from tests.airflow.inside_airflow import INSIDE, Results
from tests.airflow.runtimes import VERSIONS

pytestmark = pytest.mark.timeout(900)  # the first test of a version runs all of its files
FILES = sorted(path.name for path in INSIDE.glob("*_cases.py"))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("file", FILES)
def test_passes(version: str, file: str, results: Callable[[str], Results]) -> None:
    found = results(version)
    if failures := found.failures(file):
        pytest.fail("\n\n".join(failures), pytrace=False)
    if found.left_out(file):
        pytest.skip(f"nothing of it runs on {version} in a short run: `make test-all` runs it")
