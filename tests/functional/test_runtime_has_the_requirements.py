"""The Python that parses is built by a real uv, from an index on loopback."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.runtime import Runtime, runtime_of
from tests.fakes.requirements_project import BASE, RequirementsProject, bundled_pip
from tests.fakes.wheel_index import wheel, wheel_index

SOLO = wheel("solo", "1.0")


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with wheel_index(*BASE, bundled_pip(), SOLO) as url:
        yield url


@pytest.fixture(scope="module")
def built(index: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean environment, built once for all."""
    return RequirementsProject(tmp_path_factory.mktemp("built"), index).environments().kept()


@pytest.fixture
def project(tmp_path: Path, index: str, built: Path) -> RequirementsProject:
    made = RequirementsProject(tmp_path, index)
    made.take(built)
    return made


def imports(runtime: Runtime, module: str) -> bool:
    done = subprocess.run([runtime.python, "-c", f"import {module}"], capture_output=True, check=False)
    return done.returncode == 0


def test_without_requirements_the_clean_environment_itself_parses(project: RequirementsProject) -> None:
    environments = project.environments()
    runtime = runtime_of(project.requires("# nothing\n"), environments)
    assert runtime == Runtime(environments.kept() / "bin" / "python")
    assert imports(runtime, "celery")


def test_requirements_are_installed_beside_what_airflow_has(project: RequirementsProject) -> None:
    runtime = runtime_of(project.requires("solo==1.0\n"), project.environments())
    assert runtime.lacks is None
    assert imports(runtime, "solo")
    assert imports(runtime, "celery")
    assert not imports(Runtime(project.environments().kept() / "bin" / "python"), "solo")


def test_a_runtime_is_built_once_for_one_content(project: RequirementsProject) -> None:
    first = runtime_of(project.requires(f"solo==1.0 {SOLO.hash}\n"), project.environments())
    project.url = "http://127.0.0.1:9/simple"
    assert runtime_of(project.requires(f"solo==1.0 {SOLO.hash}\n"), project.environments()) == first


def test_a_wheel_in_plugins_is_installed_from_there(project: RequirementsProject) -> None:
    own = wheel("own", "2.0")
    (project.root / "plugins").mkdir()
    (project.root / "plugins" / own.file).write_bytes(own.content)
    text = "--find-links /usr/local/airflow/plugins\n--no-index\nown==2.0\n"
    assert imports(runtime_of(project.requires(text), project.environments()), "own")


def test_requirements_that_cannot_be_installed_leave_airflow_alone(project: RequirementsProject) -> None:
    runtime = runtime_of(project.requires("absent==1.0\n"), project.environments())
    assert runtime.lacks is not None
    assert "absent" in runtime.lacks
    assert imports(runtime, "celery")
    assert not list((project.root / ".mwaactl" / "checks").glob("requirements-*"))


def test_an_index_that_does_not_answer_says_nothing_about_the_dags(project: RequirementsProject) -> None:
    project.environments().kept()
    project.url = "http://127.0.0.1:9/simple"
    with pytest.raises(ProjectError, match="could not be installed for parsing"):
        runtime_of(project.requires("solo==1.0\n"), project.environments())


def test_few_runtimes_are_kept(project: RequirementsProject) -> None:
    for number in range(8):
        runtime_of(project.requires(f"solo==1.0\n# {number}\n"), project.environments())
    assert len(list((project.root / ".mwaactl" / "checks").glob("requirements-*"))) == 6
