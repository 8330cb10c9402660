"""One emulator with one Airflow for all end-to-end tests: two cores do not carry two."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mwaactl.catalog.versions import default_airflow_version
from tests.emulator.end_to_end.execution_role import usage
from tests.emulator.end_to_end.kept_packages import keep_requirements
from tests.emulator.end_to_end.landed_data import land_data_set
from tests.emulator.end_to_end.next_release import NextRelease
from tests.emulator.end_to_end.project_copy import ROOT, ProjectCopy, copy_project
from tests.emulator.end_to_end.second_run import SecondRun, run_again
from tests.fakes.package_index import IndexedWheel, package_index

# DAG files that no test here runs: to parse them over and over keeps the others waiting.
IDLE = ("api_ingest.py", "tenants.py", "tenants_mistakes.py")
LAST = "test_first_ten_minutes.py"
"""It breaks what the others share, and takes it down in the end."""
# Those that only tests run which take long.
IDLE_UNLESS_WHOLE = (
    "flights_incremental.py",
    "landing_router.py",
    "reverse_etl.py",
    "warehouse_migration.py",
)
SECRETS = """
[environments.local.secrets]
connections_prefix = "airflow/connections"
variables_prefix = "airflow/variables"
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the others come before what breaks the environment, wherever in the suite these tests are."""
    here = [place for place, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    ordered = sorted((items[place] for place in here), key=lambda item: item.path.name == LAST)
    for place, item in zip(here, ordered, strict=True):
        items[place] = item


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectCopy]:
    """Start the emulator for a copy of the project; stop it whatever happens."""
    keep_requirements(default_airflow_version())
    with package_index(*required_wheels()) as index_url:
        copy = copy_project(tmp_path_factory.mktemp("project"), index_url)
        for each in IDLE if os.environ.get("MWAACTL_WHOLE") else (*IDLE, *IDLE_UNLESS_WHOLE):
            (copy.root / "dags" / each).unlink()
        settings = copy.root / "mwaactl.toml"
        settings.write_text(settings.read_text(encoding="utf-8") + SECRETS, encoding="utf-8")
        up = copy.mwaactl("emulator", "up")
        assert up.returncode == 0, up.stderr
        try:
            yield copy
        finally:
            copy.mwaactl("emulator", "down")


@pytest.fixture(scope="session")
def deployed(project: ProjectCopy) -> ProjectCopy:
    """Deploy the project once: stacks, release, environment."""
    done = project.mwaactl("deploy", "-e", "local")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture(scope="session")
def next_release(deployed: ProjectCopy) -> Iterator[NextRelease]:
    """Give what deploys one more DAG and another plugin, once, for whoever needs that first."""
    release = NextRelease(deployed)
    yield release
    release.undo_files()


@pytest.fixture(scope="session")
def pipeline_run(deployed: ProjectCopy, tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """Land the data set and run the pipeline to its end."""
    land_data_set(deployed, tmp_path_factory.mktemp("landing"))
    done = deployed.mwaactl("run", "trigger", "nyc_flights_elt", "-e", "local", "--wait")
    assert done.returncode == 0, done.stdout + done.stderr
    return deployed


@pytest.fixture(scope="session")
def used_by_the_run(pipeline_run: ProjectCopy) -> dict[str, Any]:
    """What the execution role used and was denied until the pipeline had run once."""
    return usage(pipeline_run)


@pytest.fixture(scope="session")
def second_run(pipeline_run: ProjectCopy, used_by_the_run: dict[str, Any]) -> SecondRun:
    """Run the pipeline again on the same files: without what lets it invoke the function, then with it."""
    assert used_by_the_run["used"]
    return run_again(pipeline_run, "NycFlightsInvoke")


def required_wheels() -> list[IndexedWheel]:
    """What requirements.txt pins: the check before a deployment resolves it, without leaving the machine."""
    text = (ROOT / "requirements" / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = re.findall(r"^([\w.-]+)==(\S+).*?--hash=sha256:(\w+)", text, re.MULTILINE)
    assert pinned
    return [IndexedWheel(*each) for each in pinned]
