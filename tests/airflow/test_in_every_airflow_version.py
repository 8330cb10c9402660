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
    if failures := results(version).failures(file):
        pytest.fail("\n\n".join(failures), pytrace=False)
