"""One emulator with one Airflow for all end-to-end tests: two cores do not carry two."""

from collections.abc import Iterator

import pytest

from tests.emulator.end_to_end.project_copy import ProjectCopy, copy_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectCopy]:
    """Start the emulator for a copy of the project; stop it whatever happens."""
    copy = copy_project(tmp_path_factory.mktemp("project"))
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
