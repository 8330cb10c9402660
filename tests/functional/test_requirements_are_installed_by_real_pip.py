"""pip's own words are what the findings are made of, so they meet a real pip, before an index on loopback."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_bundle
from mwaactl.project.requirements.check import Trial, check_requirements
from mwaactl.project.requirements.kept_trials import LOG
from mwaactl.project.requirements.process import Completed, OnLine, run_process
from tests.fakes.requirements_project import BASE, RequirementsProject, bundled_pip
from tests.fakes.wheel_index import wheel, wheel_index

SOLO = wheel("solo", "1.0", payload="#" * 5000)
PAIR = wheel("pair", "1.0", "solo>=1")
OLD = wheel("old", "1.0", "amqp<5")
ELSEWHERE = wheel("elsewhere", "1.0", tag="cp312-cp312-win_amd64")


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with wheel_index(*BASE, bundled_pip(), SOLO, PAIR, OLD, ELSEWHERE) as url:
        yield url


@pytest.fixture(scope="module")
def built(index: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean environment, built once for all."""
    return RequirementsProject(tmp_path_factory.mktemp("built"), index).environments().kept()


@pytest.fixture
def project(tmp_path: Path, index: str, built: Path) -> RequirementsProject:
    return _with_kept(RequirementsProject(tmp_path, index), built)


def _with_kept(project: RequirementsProject, built: Path) -> RequirementsProject:
    project.take(built)
    return project


def _check(project: RequirementsProject, text: str) -> Trial:
    return check_requirements(project.requires(text), project.environments())


def test_locked_requirements_are_installed_and_measured(project: RequirementsProject) -> None:
    trial = _check(project, f"pair==1.0 {PAIR.hash}\nsolo==1.0 {SOLO.hash}\n")
    assert trial.findings == ()
    assert [(each.name, each.version, each.before) for each in trial.packages] == [
        ("pair", "1.0", None),
        ("solo", "1.0", None),
    ]
    assert trial.size > 5000
    assert "Successfully installed pair-1.0 solo-1.0" in (project.root / ".mwaactl/checks" / LOG).read_text()


def test_a_success_is_not_repeated_and_changed_content_is(project: RequirementsProject) -> None:
    first = _check(project, "solo==1.0\n")
    again = _check(project, "solo==1.0\n")
    assert (first.kept, again.kept) == (False, True)
    assert (again.packages, again.seconds) == (first.packages, first.seconds)
    assert not _check(project, "solo==1.0\n\n").kept


def test_a_trial_leaves_the_kept_environment_as_it_was(project: RequirementsProject) -> None:
    _check(project, "solo==1.0\n")
    assert not list((project.root / ".mwaactl" / "checks").rglob("solo.py"))
    assert list((project.root / ".mwaactl" / "checks").rglob("amqp.py"))


def test_a_conflict_names_the_line_and_the_pin(project: RequirementsProject) -> None:
    (found,) = _check(project, "solo==1.0\nold==1.0\n").findings
    assert (found.severity, found.line) == ("error", 2)
    assert found.message == (
        "`old==1.0` cannot be installed beside Airflow 3.3.1 on MWAA: old 1.0 depends on amqp<5, "
        "but the constraints of Airflow 3.3.1 say amqp==5.3.1"
    )


def test_a_wrong_hash_is_told_with_both_digests(project: RequirementsProject) -> None:
    (found,) = _check(project, f"solo==1.0 --hash=sha256:{'0' * 64}\n").findings
    assert (found.line, found.severity) == (1, "error")
    assert SOLO.sha256 in found.message


def test_a_dependency_without_hash_is_told(project: RequirementsProject) -> None:
    (found,) = _check(project, f"pair==1.0 {PAIR.hash}\n").findings
    assert found.message.startswith("`solo>=1` is needed and not locked")
    assert (found.line, found.hint) == (1, "run `mwaactl requirements lock`")


def test_a_package_that_airflow_has_needs_no_hash(project: RequirementsProject) -> None:
    trial = _check(project, f"amqp==5.3.1\nsolo==1.0 {SOLO.hash}\n")
    assert not trial.failed
    assert [each.name for each in trial.packages] == ["solo"]


def test_a_version_that_is_not_published_is_told(project: RequirementsProject) -> None:
    (found,) = _check(project, "solo==9.9\n").findings
    assert found.message == "`solo==9.9` has no file in the package registry that Python 3.12 can install"


def test_a_wheel_for_another_platform_only_is_an_error(project: RequirementsProject) -> None:
    (found,) = _check(project, "elsewhere==1.0\n").findings
    assert (found.severity, found.line) == ("error", 1)


def test_own_constraints_let_airflow_s_packages_be_replaced_and_that_is_told(
    tmp_path: Path, built: Path
) -> None:
    newer = wheel("amqp", "6.0")
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "own.txt").write_text("solo==1.0\n")
    with wheel_index(*BASE, bundled_pip(), newer) as url:
        project = _with_kept(RequirementsProject(tmp_path, url), built)
        trial = _check(project, "-c /usr/local/airflow/dags/own.txt\namqp==6.0\n")
    assert [(each.name, each.before) for each in trial.packages] == [("amqp", "5.3.1")]
    assert "`amqp` 6.0 replaces the 5.3.1 of Airflow's own set" in [each.message for each in trial.findings]
    assert not trial.failed


def test_essential_pins_hold_even_with_own_constraints(tmp_path: Path, built: Path) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "own.txt").write_text("solo==1.0\n")
    needy = wheel("needy", "1.0", "celery<5")
    with wheel_index(*BASE, bundled_pip(), needy) as url:
        project = _with_kept(RequirementsProject(tmp_path, url), built)
        trial = _check(project, "-c /usr/local/airflow/dags/own.txt\nneedy==1.0\n")
    assert "needy 1.0 depends on celery<5, but MWAA always keeps celery==5.6.3" in trial.findings[-1].message


@pytest.mark.parametrize(
    "text",
    [
        "solo\n",
        "solo>=1\n",
        "--extra-index-url http://127.0.0.1:9/simple\nsolo==1.0\n",
        "https://127.0.0.1/solo-1.0-py3-none-any.whl\n",
        "# -c no\nsolo==1.0\n",
        "celery==5.0\n",
    ],
)
def test_what_a_rule_refuses_never_reaches_pip(tmp_path: Path, text: str) -> None:
    def never(
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        raise AssertionError((argv, cwd, environ, timeout, on_line))

    trial = _check(RequirementsProject(tmp_path, "http://127.0.0.1:9/simple", never), text)
    assert trial.failed
    assert not trial.ran


def test_pip_that_takes_too_long_is_stopped_and_refused(tmp_path: Path, index: str, built: Path) -> None:
    def impatient(
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        limit = 0.01 if "-m" in argv and timeout == 540 else timeout
        return run_process(argv, cwd=cwd, environ=environ, timeout=limit, on_line=on_line)

    project = _with_kept(RequirementsProject(tmp_path, index, impatient), built)
    (found,) = _check(project, "solo==1.0\n").findings
    assert found.message == "pip did not end within 9 minutes, after which MWAA stops it"


def test_an_index_that_does_not_answer_says_nothing_about_the_requirements(
    project: RequirementsProject,
) -> None:
    project.url = "http://127.0.0.1:9/simple"
    with pytest.raises(ProjectError, match="could not ask the package registry"):
        _check(project, "pair==1.0\n")


def test_a_project_without_requirements_has_nothing_to_try(tmp_path: Path) -> None:
    project = RequirementsProject(tmp_path, "http://127.0.0.1:9/simple")
    assert check_requirements(read_bundle(tmp_path), project.environments()) == Trial(())
