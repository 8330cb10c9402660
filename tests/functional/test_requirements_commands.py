"""What `mwaactl requirements` prints, with real uv and pip before an index on loopback."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, override

import pytest

from mwaactl.cli.compose import Composition
from mwaactl.cli.console import Console
from mwaactl.cli.invocation import Invocation
from mwaactl.cli.main import run
from tests.fakes.command_line import CONFIGURATION, Result
from tests.fakes.requirements_project import BASE, RequirementsProject, bundled_pip
from tests.fakes.wheel_index import wheel, wheel_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mwaactl.project.requirements.clean_environment import CleanEnvironments

SOLO = wheel("solo", "1.0", payload="#" * 150_000)
PAIR = wheel("pair", "1.0", "solo>=1")
ELSEWHERE = wheel("elsewhere", "1.0", tag="cp312-cp312-win_amd64")


@dataclass(frozen=True, slots=True)
class LoopbackComposition(Composition):
    project: RequirementsProject = field(kw_only=True)

    @override
    def clean_environments(self, root: Path, airflow_version: str) -> CleanEnvironments:
        assert (root, airflow_version) == (self.project.root, "3.3.1")
        return self.project.environments()


@dataclass(slots=True)
class Requirements:
    """A project, and `mwaactl requirements` in it."""

    project: RequirementsProject

    def __call__(self, *arguments: str) -> Result:
        environ = {"NO_COLOR": "1", "COLUMNS": "80"}
        stdout, stderr = io.StringIO(), io.StringIO()
        composition = LoopbackComposition(environ, self.project.root, project=self.project)
        console = Console(environ=environ, stdout=stdout, stderr=stderr)
        code = run(("requirements", *arguments), Invocation(composition=composition, console=console))
        return Result(code, stdout.getvalue(), stderr.getvalue())

    def asks_for(self, text: str) -> None:
        folder = self.project.root / "requirements"
        folder.mkdir(exist_ok=True)
        (folder / "requirements.in").write_text(text)


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with wheel_index(*BASE, bundled_pip(), SOLO, PAIR, ELSEWHERE) as url:
        yield url


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checks")


@pytest.fixture
def requirements(tmp_path: Path, index: str, checks: Path, monkeypatch: pytest.MonkeyPatch) -> Requirements:
    monkeypatch.delenv("MWAACTL_ENVIRONMENT", raising=False)
    (tmp_path / "mwaactl.toml").write_text(CONFIGURATION)
    return Requirements(RequirementsProject(tmp_path, index, checks=checks))


def test_locked_packaged_and_back(requirements: Requirements) -> None:
    requirements.asks_for("pair\namqp\n")
    assert requirements("lock") == Result(
        0,
        "requirements/requirements.txt: written, 2 packages for Airflow 3.3.1\n"
        "left out, Airflow 3.3.1 on MWAA has them: amqp 5.3.1\n",
        "",
    )
    packaged = requirements("package")
    assert packaged.code == 0
    assert packaged.stdout == (
        "plugins/wheels: 2 wheels for Airflow 3.3.1 on Python 3.12, 0.2 MB; 2 fetched\n"
        "requirements/requirements.txt: written, pip takes wheels from plugins/wheels and asks no index\n"
        "plugins.zip: 0.2 MB of 1,074 MB\n"
    )
    assert packaged.stderr.splitlines()[0] == "fetching 2 wheels, about 0.0 MB"
    assert requirements("package") == Result(
        0,
        "plugins/wheels: 2 wheels for Airflow 3.3.1 on Python 3.12, 0.2 MB; nothing to do\n"
        "requirements/requirements.txt: unchanged, pip takes wheels from plugins/wheels and asks no index\n"
        "plugins.zip: 0.2 MB of 1,074 MB\n",
        "",
    )
    back = requirements("lock").stdout
    assert back.endswith("plugins/wheels: 2 wheels removed, the index is asked again\n")


def test_a_package_as_json(requirements: Requirements) -> None:
    requirements.asks_for("solo\n")
    requirements("lock")
    shown = json.loads(requirements("package", "--json").stdout)
    assert shown["wheels"] == {SOLO.file: len(SOLO.content)}
    assert (shown["fetched"], shown["removed"], shown["changed"]) == ([SOLO.file], [], True)
    assert shown["plugins_size"] > shown["wheels"][SOLO.file]
    assert shown["plugins_size_limit"] == 2**30


def test_no_requirements_can_be_installed_without_pip(requirements: Requirements) -> None:
    checked = requirements("check", "--json")
    found = json.loads(checked.stdout)
    assert (checked.code, found["installable"], found["pip_ran"], found["packages"]) == (0, True, False, [])
    assert requirements("check").stdout == "there is no requirements/requirements.txt: nothing to install\n"


def test_refused_requirements_cannot_be_installed(requirements: Requirements) -> None:
    (requirements.project.root / "requirements").mkdir()
    (requirements.project.root / "requirements/requirements.txt").write_text("solo==\n")
    checked = requirements("check", "--json")
    found = json.loads(checked.stdout)
    assert (checked.code, found["installable"], found["pip_ran"]) == (1, False, False)


def test_a_wheel_that_went_missing_fails_the_check_with_the_command_to_run(
    requirements: Requirements,
) -> None:
    requirements.asks_for("solo\n")
    requirements("lock")
    requirements("package")
    (requirements.project.root / "plugins" / "wheels" / SOLO.file).unlink()
    assert requirements("check") == Result(
        1,
        "requirements/requirements.txt:6: error: `solo==1.0` has no wheel in plugins/, and `--no-index` "
        "keeps pip from asking elsewhere [requirements-wheelhouse]\n"
        "  hint: run `mwaactl requirements package`, which fetches what requirements.txt pins and verifies "
        "it\n"
        "requirements/requirements.txt: refused for Airflow 3.3.1\n",
        "",
    )


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("solo==\n", "line 1: `solo==` is no requirement that can be locked"),
        ("!!\n", "line 1: `!!` is no requirement that can be locked"),
        ("solo\n${SECRET}\n", "line 2: `${SECRET}` is no requirement that can be locked"),
        ("solo --hash=sha256:abc\n", "line 1: `solo --hash=sha256:abc` is no requirement that can be locked"),
        ("-r other.txt\n", "line 1: `-r other.txt` cannot be locked: only names and versions can"),
        ("\ufeffsolo\n", "requirements.in`: it begins with a byte order mark"),
        ("no-such-package\n", "line 1: `no-such-package` does not exist in the package registry"),
        ("solo>=2\n", "line 1: `solo>=2` does not exist: there is only solo==1.0"),
        ("elsewhere\n", "line 1: `elsewhere` has no wheel for Linux on x86_64 and Python 3.12"),
        (
            "amqp<5\n",
            "line 1: `amqp<5` cannot be installed beside Airflow 3.3.1 on MWAA, which has amqp==5.3.1",
        ),
    ],
)
def test_nonsense_cannot_be_locked(requirements: Requirements, source: str, says: str) -> None:
    requirements.asks_for(source)
    result = requirements("lock")
    assert result.code == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert not (requirements.project.root / "requirements" / "requirements.txt").exists()


def test_what_stands_in_the_present_file_decides_nothing_but_versions(requirements: Requirements) -> None:
    requirements.asks_for("solo\n")
    nonsense = "--no-index\n--find-links /nowhere\n!!\nsolo==1.0\n-r other\n"
    (requirements.project.root / "requirements" / "requirements.txt").write_text(nonsense)
    assert requirements("lock").code == 0
