"""`requirements package` before an index on loopback: real uv and pip fetch, and real pip installs."""

import hashlib
import multiprocessing
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_bundle
from mwaactl.project.requirements.check import check_requirements
from mwaactl.project.requirements.locking import lock_requirements
from mwaactl.project.requirements.package import Packaged, package_requirements
from mwaactl.project.requirements.process import Completed, OnLine, run_process
from tests.fakes.requirements_project import BASE, RequirementsProject, bundled_pip
from tests.fakes.wheel_index import sdist, wheel, wheel_index

SOLO = wheel("solo", "1.0", payload="#" * 5000)
PAIR = wheel("pair", "1.0", "solo>=1", "amqp>=5", tag="cp312-cp312-manylinux_2_17_x86_64")
PAIR_WINDOWS = wheel("pair", "1.0", "solo>=1", tag="cp312-cp312-win_amd64")
NEWER = wheel("solo", "2.0")
ELSEWHERE = wheel("elsewhere", "1.0", tag="cp312-cp312-win_amd64")
SOURCE = sdist("source", "1.0")
LOCKED = f"pair==1.0 {PAIR.hash} {PAIR_WINDOWS.hash}\nsolo==1.0 {SOLO.hash}\namqp==5.3.1\n"
PACKAGED = (
    "# Nothing is asked of an index: `mwaactl requirements package` put the wheels into plugins/wheels.\n"
    "--no-index\n--find-links /usr/local/airflow/plugins/wheels\n"
)
NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with wheel_index(*BASE, bundled_pip(), SOLO, NEWER, PAIR, PAIR_WINDOWS, ELSEWHERE, SOURCE) as url:
        yield url


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the environment and pip are built once for all."""
    return tmp_path_factory.mktemp("checks")


@pytest.fixture
def project(tmp_path: Path, index: str, checks: Path) -> RequirementsProject:
    return RequirementsProject(tmp_path, index, checks=checks)


def _package(project: RequirementsProject, text: str | None = None) -> Packaged:
    if text is not None:
        project.requires(text)
    return package_requirements(project.root, project.environments())


def _tree(root: Path) -> dict[str, bytes]:
    kept = (path for part in ("plugins", "requirements") for path in (root / part).rglob("*"))
    return {str(path.relative_to(root)): path.read_bytes() for path in kept if path.is_file()}


def test_the_wheels_that_fit_are_there_and_requirements_txt_takes_them(project: RequirementsProject) -> None:
    made = _package(project, LOCKED)
    assert made.fetched == (PAIR.file, SOLO.file)
    assert made.wheels == {PAIR.file: len(PAIR.content), SOLO.file: len(SOLO.content)}
    assert _tree(project.root) == {
        f"plugins/wheels/{PAIR.file}": PAIR.content,
        f"plugins/wheels/{SOLO.file}": SOLO.content,
        "plugins/wheels/SHA256SUMS": f"{PAIR.sha256}  {PAIR.file}\n{SOLO.sha256}  {SOLO.file}\n".encode(),
        "requirements/requirements.txt": (PACKAGED + LOCKED).encode(),
    }
    plugins = read_bundle(project.root).plugins
    assert plugins is not None
    assert made.plugins_bytes == plugins.size


def test_what_is_packaged_installs_without_an_index(project: RequirementsProject) -> None:
    _package(project, LOCKED)
    _ = [*_environment_is_built(project)]
    project.url = NOWHERE
    trial = check_requirements(read_bundle(project.root), project.environments())
    assert trial.findings == ()
    assert [each.name for each in trial.packages] == ["pair", "solo"]


def _environment_is_built(project: RequirementsProject) -> Iterator[Path]:
    with project.environments().fresh() as python:
        yield python


def test_a_second_run_changes_nothing_and_asks_nobody(project: RequirementsProject) -> None:
    _package(project, LOCKED)
    before = _tree(project.root)
    project.url = NOWHERE
    again = _package(project)
    assert (again.fetched, again.removed, again.changed) == ((), (), False)
    assert _tree(project.root) == before


def test_the_archive_is_the_same_on_every_machine(project: RequirementsProject, tmp_path: Path) -> None:
    _package(project, LOCKED)
    (tmp_path / "other").mkdir()
    other = replace(project, root=tmp_path / "other")
    _package(other, LOCKED)
    archives = [read_bundle(each.root).plugins for each in (project, other)]
    assert len({each.sha256 for each in archives if each}) == 1


def test_wheels_that_no_line_asks_for_any_more_are_removed(project: RequirementsProject) -> None:
    _package(project, LOCKED)
    made = _package(project, f"solo==2.0 {NEWER.hash}\n")
    assert (made.fetched, made.removed) == ((NEWER.file,), (PAIR.file, SOLO.file))
    assert {path.name for path in (project.root / "plugins" / "wheels").iterdir()} == {
        NEWER.file,
        "SHA256SUMS",
    }


def test_a_wheel_that_this_command_did_not_put_there_is_never_removed(project: RequirementsProject) -> None:
    _package(project, LOCKED)
    foreign = project.root / "plugins" / "wheels" / "mine-1.0-py3-none-any.whl"
    foreign.write_bytes(b"mine")
    with pytest.raises(ProjectError, match=r"mine-1\.0-py3-none-any\.whl` was not put there") as caught:
        _package(project, f"solo==2.0 {NEWER.hash}\n")
    assert caught.value.code == "project.foreign-wheel"
    assert foreign.read_bytes() == b"mine"
    assert (project.root / "plugins" / "wheels" / SOLO.file).exists()


def test_wheels_of_a_checkout_without_a_list_of_them_are_taken_over(project: RequirementsProject) -> None:
    _package(project, LOCKED)
    before = _tree(project.root)
    (project.root / "plugins" / "wheels" / "SHA256SUMS").unlink()
    project.url = NOWHERE
    assert _package(project).fetched == ()
    assert _tree(project.root) == before


def test_a_tampered_wheel_is_fetched_again(project: RequirementsProject) -> None:
    _package(project, LOCKED)
    before = _tree(project.root)
    (project.root / "plugins" / "wheels" / SOLO.file).write_bytes(SOLO.content + b"\n")
    trial = check_requirements(read_bundle(project.root), project.environments())
    assert [each.rule for each in trial.findings] == ["requirements-wheelhouse"]
    assert not trial.ran
    assert _package(project).fetched == (SOLO.file,)
    assert _tree(project.root) == before


def test_a_wheel_of_one_s_own_beside_the_folder_needs_no_index(project: RequirementsProject) -> None:
    mine = wheel("mine", "1.0")
    (project.root / "plugins").mkdir()
    (project.root / "plugins" / mine.file).write_bytes(mine.content)
    own = f"--find-links /usr/local/airflow/plugins\nmine==1.0 {mine.hash}\n"
    made = _package(project, f"{own}solo==1.0 {SOLO.hash}\n")
    assert made.fetched == (SOLO.file,)
    assert not check_requirements(read_bundle(project.root), project.environments()).failed


def test_the_way_back_is_to_lock(project: RequirementsProject) -> None:
    (project.root / "requirements").mkdir()
    (project.root / "requirements" / "requirements.in").write_text("pair\n")
    first = lock_requirements(project.root, project.environments(), upgrade=False)
    locked = _tree(project.root)
    _package(project)
    assert _tree(project.root) != locked
    back = lock_requirements(project.root, project.environments(), upgrade=False)
    assert back.lock.text == first.lock.text
    assert back.removed == (PAIR.file, NEWER.file)
    assert _tree(project.root) == locked
    assert not (project.root / "plugins" / "wheels").exists()


def _refused(project: RequirementsProject, text: str) -> ProjectError:
    project.requires(text)
    before = _tree(project.root)
    with pytest.raises(ProjectError) as caught:
        _package(project)
    assert _tree(project.root) == before
    assert not list(project.environments().folder.glob(".fetching-*"))
    return caught.value


def test_packages_without_a_fitting_wheel_are_all_named(project: RequirementsProject) -> None:
    error = _refused(
        project,
        f"solo==1.0 {SOLO.hash}\nelsewhere==1.0 {ELSEWHERE.hash}\nsource==1.0 {SOURCE.hash}\n",
    )
    assert error.message == (
        "there is no wheel for Linux on x86_64 and Python 3.12 of `elsewhere==1.0`, `source==1.0`"
    )
    assert error.line == 2
    assert error.hint is not None
    assert "choose a version with a wheel in requirements.in" in error.hint


def test_a_registry_with_another_content_than_was_locked_is_refused(project: RequirementsProject) -> None:
    error = _refused(project, f"solo==1.0 --hash=sha256:{'0' * 64}\n")
    assert error.message == "the registry's wheels are not what was locked for `solo==1.0`"


def test_a_file_that_is_not_what_the_index_says_is_refused(tmp_path: Path, checks: Path) -> None:
    said = replace(SOLO, content=SOLO.content + b"\n")
    with wheel_index(*BASE, bundled_pip(), said, digests={SOLO.file: SOLO.sha256}) as url:
        error = _refused(RequirementsProject(tmp_path, url, checks=checks), f"solo==1.0 {SOLO.hash}\n")
    assert "has another content than the hash says" in error.message
    assert said.sha256 in error.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("solo==1.0\n", "`solo==1.0` has no hash to verify its wheel with"),
        ("solo\n", "`solo` is not pinned"),
        ("--extra-index-url https://evil.example\nsolo==1.0\n", "`--extra-index-url` lets another index"),
        ("# -c x\n", "switches off MWAA's constraints"),
    ],
)
def test_what_is_not_locked_cannot_be_packaged(project: RequirementsProject, text: str, says: str) -> None:
    assert says in _refused(project, text).message


def test_an_index_that_cannot_be_reached_changes_nothing(project: RequirementsProject) -> None:
    project.url = NOWHERE
    assert "could not be resolved" in _refused(project, LOCKED).message


def test_a_project_without_requirements_is_told_to_lock(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"there is no `requirements/requirements\.txt`"):
        _package(RequirementsProject(tmp_path, NOWHERE))


def test_a_link_in_place_of_the_folder_is_refused(project: RequirementsProject, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project.root / "plugins").symlink_to(tmp_path / "elsewhere")
    assert "`plugins` must be a folder of the project" in _refused(project, LOCKED).message


def _package_in_child(root: Path, url: str) -> None:
    package_requirements(root, RequirementsProject(root, url).environments())


def test_two_at_once_come_to_the_same(project: RequirementsProject) -> None:
    project.requires(LOCKED)
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_package_in_child, args=(project.root, project.url)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert {path.name for path in (project.root / "plugins" / "wheels").iterdir()} == {
        PAIR.file,
        SOLO.file,
        "SHA256SUMS",
    }


def _killed_at(root: Path, url: str, word: str) -> None:
    def kill(
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        done = run_process(argv, cwd=cwd, environ=environ, timeout=timeout, on_line=on_line)
        if word in argv:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    package_requirements(root, RequirementsProject(root, url, kill).environments())


# The last of its steps leaves the most behind.
@pytest.mark.parametrize(
    "word",
    [
        pytest.param("compile", marks=pytest.mark.whole),
        pytest.param("sync", marks=pytest.mark.whole),
        "download",
    ],
)
def test_a_run_that_was_killed_in_a_folder_with_a_space_leaves_nothing_behind_for_the_next(
    tmp_path: Path, index: str, word: str
) -> None:
    (tmp_path / "my project").mkdir()
    project = RequirementsProject(tmp_path / "my project", index)  # with its own checks in there
    project.requires(LOCKED)
    before = _tree(project.root)
    child = multiprocessing.get_context("spawn").Process(
        target=_killed_at, args=(project.root, project.url, word)
    )
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    assert _tree(project.root) == before
    _package(project)
    assert not list((project.root / ".mwaactl" / "checks").glob(".fetching-*"))
    assert not list((project.root / ".mwaactl" / "checks").glob(".building-*"))
    assert (
        hashlib.sha256((project.root / "plugins" / "wheels" / SOLO.file).read_bytes()).hexdigest()
        == SOLO.sha256
    )
    assert not check_requirements(read_bundle(project.root), project.environments()).failed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 200 kB, where this process may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_leaves_no_part_of_a_wheel(
    project: RequirementsProject, small_disk: Path
) -> None:
    big = wheel(
        "big",
        "1.0",
        payload="".join(hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(9000)),
    )
    with wheel_index(*BASE, bundled_pip(), big) as url:
        project.url = url
        project.requires(f"big==1.0 {big.hash}\n")
        (project.root / "plugins").mkdir()
        (project.root / "plugins" / "wheels").mkdir()
        subprocess.run(
            ["mount", "--bind", str(small_disk), str(project.root / "plugins" / "wheels")], check=True
        )
        try:
            with pytest.raises(ProjectError, match="cannot be written: No space left on device") as caught:
                _package(project)
            left = {path.name for path in (project.root / "plugins" / "wheels").iterdir()}
        finally:
            subprocess.run(["umount", str(project.root / "plugins" / "wheels")], check=True)
    assert caught.value.code == "project.unwritable"
    assert left <= {"SHA256SUMS"}
    assert (project.root / "requirements" / "requirements.txt").read_text() == f"big==1.0 {big.hash}\n"


def test_a_folder_that_cannot_be_written_is_told(project: RequirementsProject, small_disk: Path) -> None:
    project.requires(LOCKED)
    (project.root / "plugins").mkdir()
    target = str(project.root / "plugins")
    subprocess.run(["mount", "--bind", str(small_disk), target], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", target], check=True)
    try:
        with pytest.raises(ProjectError, match="`plugins/wheels` cannot be written: Read-only file system"):
            _package(project)
    finally:
        subprocess.run(["umount", target], check=True)


def test_progress_names_each_wheel(project: RequirementsProject) -> None:
    told: list[str] = []
    project.requires(LOCKED)
    package_requirements(project.root, replace(project.environments(), tell=told.append))
    assert told[0].startswith("fetching 2 wheels, about 0.0 MB")
    assert [line.split(":")[0] for line in told[1:]] == ["wheel 1 of 2", "wheel 2 of 2"]


def test_a_wheel_that_is_only_for_other_systems_is_not_asked_for(project: RequirementsProject) -> None:
    text = f"solo==1.0 {SOLO.hash}\nelsewhere==1.0 ; sys_platform == 'win32' {ELSEWHERE.hash}\n"
    assert _package(project, text).fetched == (SOLO.file,)
