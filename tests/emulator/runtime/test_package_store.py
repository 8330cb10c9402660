"""Environments are complete or absent, whoever builds them. uv is a script that records its calls."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mwaactl.emulator.mwaa.host import HostFailure, RequirementsState
from mwaactl.emulator.runtime.container_paths import ContainerPaths
from mwaactl.emulator.runtime.locks import RuntimeLock
from mwaactl.emulator.runtime.packages import Installation, PackageStore

LOCK = RuntimeLock("3.3.1", "3.12", "attrs==26.1.0 \\\n    --hash=sha256:00\n", ("celery==5.6.3",))

# `venv` makes a folder with an interpreter, `pip sync` and `pip install` leave a file behind.
FAKE_UV = f"""#!{sys.executable}
import os, pathlib, sys, time
arguments = sys.argv[1:]
with open(os.environ["UV_CALLS"], "a") as calls:
    calls.write(" ".join(arguments) + "\\n")
if arguments[0] == "venv":
    folder = pathlib.Path(arguments[-1])
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    sys.exit(0)
python = pathlib.Path(arguments[arguments.index("--python") + 1])
if os.environ.get("UV_FAILS") == arguments[1]:
    print("error: no version of nonesuch")
    sys.exit(1)
time.sleep(0.1)
(python.parent.parent / arguments[1]).write_text("done")
if arguments[1] == "install":
    constraints = arguments[arguments.index("--constraint") + 1]
    (python.parent.parent / "constraints").write_text(pathlib.Path(constraints).read_text())
print(" + cowsay==6.1" if arguments[1] == "install" else "synced")
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageStore:
    uv = tmp_path / "uv"
    uv.write_text(FAKE_UV)
    uv.chmod(0o755)
    monkeypatch.setenv("UV_CALLS", str(tmp_path / "calls"))
    monkeypatch.delenv("UV_FAILS", raising=False)
    return PackageStore(tmp_path / "runtimes", str(uv))


def calls(tmp_path: Path) -> list[str]:
    return (tmp_path / "calls").read_text().splitlines()


def paths(tmp_path: Path) -> ContainerPaths:
    for name in ("dags", "plugins"):
        (tmp_path / name).mkdir(exist_ok=True)
    return ContainerPaths(tmp_path / "dags", tmp_path / "plugins")


def test_environment_is_built_once_from_hashes(store: PackageStore, tmp_path: Path) -> None:
    first = store.base(LOCK)
    assert store.base(LOCK) == first
    assert (first / "sync").read_text() == "done"
    assert [call.split()[:2] for call in calls(tmp_path)] == [["venv", "--quiet"], ["pip", "sync"]]
    assert "--require-hashes" in calls(tmp_path)[1]


def test_concurrent_builders_share_one_build(store: PackageStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(lambda _: store.base(LOCK), range(4)))
    assert len(set(built)) == 1
    assert len(calls(tmp_path)) == 2


def test_failed_build_leaves_nothing_and_says_why(
    store: PackageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_FAILS", "sync")
    with pytest.raises(HostFailure, match=r"Airflow 3\.3\.1: error: no version of nonesuch"):
        store.base(LOCK)
    assert [p.name for p in (tmp_path / "runtimes").iterdir() if p.is_dir()] == []
    monkeypatch.delenv("UV_FAILS")
    assert (store.base(LOCK) / "sync").exists()


def test_what_an_interrupted_build_left_is_never_used(store: PackageStore, tmp_path: Path) -> None:
    name = f"airflow-3.3.1-{LOCK.digest}"
    leftover = tmp_path / "runtimes" / f".{name}.building-abc" / "python" / "bin"
    leftover.mkdir(parents=True)
    (leftover / "python").touch()
    assert (store.base(LOCK) / "sync").exists()
    assert not leftover.exists()


def test_environment_whose_python_is_gone_is_built_again(store: PackageStore, tmp_path: Path) -> None:
    base = store.base(LOCK)
    (base / "bin" / "python").unlink()
    (base / "bin" / "python").symlink_to(tmp_path / "removed-python")
    assert (store.base(LOCK) / "bin" / "python").exists()
    assert len(calls(tmp_path)) == 4


def test_requirements_go_into_a_layer_and_leave_the_base_alone(store: PackageStore, tmp_path: Path) -> None:
    output: list[str] = []
    done = store.with_requirements(LOCK, b"cowsay==6.1\n", paths(tmp_path), output.append)
    layer = done.python
    assert done.requirements == RequirementsState(installed=True)
    base = store.base(LOCK)
    assert layer != base
    assert not (base / "install").exists()
    assert (layer / "sync").stat().st_ino == (base / "sync").stat().st_ino
    essential, *airflow = (layer / "constraints").read_text().split()
    assert essential == "celery==5.6.3"
    assert {"attrs==26.1.0", "pandas==3.0.5"} <= set(airflow)
    assert output[0].startswith("WARNING")
    assert output[1] == " + cowsay==6.1\nSuccessfully installed cowsay-6.1\n"


def test_same_requirements_are_installed_once(store: PackageStore, tmp_path: Path) -> None:
    texts = (b"cowsay\n", b"cowsay\n", b"cowsay>6\n")
    layers = [store.with_requirements(LOCK, text, paths(tmp_path), lambda _: None).python for text in texts]
    assert layers[0] == layers[1] != layers[2]
    assert layers[2].exists()
    assert sum(" install " in call for call in calls(tmp_path)) == 2


def test_layer_that_exists_already_still_tells_how_it_came_about(store: PackageStore, tmp_path: Path) -> None:
    first, second = list[str](), list[str]()
    for output in (first, second):
        store.with_requirements(LOCK, b"# -c x\ncowsay\n", paths(tmp_path), output.append)
    assert first == second == [" + cowsay==6.1\nSuccessfully installed cowsay-6.1\n"]


def test_failing_requirements_are_reported_and_airflow_runs_without_them(
    store: PackageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_FAILS", "install")
    output: list[str] = []
    done = store.with_requirements(LOCK, b"# -c x\nnonesuch\n", paths(tmp_path), output.append)
    closing = "pip installation exited with a non-zero error code"
    assert done == Installation(store.base(LOCK), RequirementsState(installed=False, error=closing))
    assert output[0].splitlines()[0] == "error: no version of nonesuch"
    assert output[0].splitlines()[-1] == f"ERROR: {closing}"


def test_file_of_comments_needs_no_layer(store: PackageStore, tmp_path: Path) -> None:
    done = store.with_requirements(LOCK, b"# nothing\n\n", paths(tmp_path), lambda _: None)
    assert done == Installation(store.base(LOCK), None)


def test_wheel_in_the_plugins_is_found_and_its_content_decides(store: PackageStore, tmp_path: Path) -> None:
    container, text = paths(tmp_path), b"--find-links /usr/local/airflow/plugins\nmine\n"
    (container.plugins / "mine-1.0-py3-none-any.whl").write_bytes(b"one")
    first = store.with_requirements(LOCK, text, container, lambda _: None).python
    (container.plugins / "mine-1.0-py3-none-any.whl").write_bytes(b"two")
    assert store.with_requirements(LOCK, text, container, lambda _: None).python != first
    assert container.localised(text.decode()).startswith(f"--find-links {container.plugins}\n")


def test_missing_uv_is_a_clear_failure(tmp_path: Path) -> None:
    with pytest.raises(HostFailure, match="can't run"):
        PackageStore(tmp_path / "runtimes", os.fspath(tmp_path / "no-uv")).base(LOCK)
