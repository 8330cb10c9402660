from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mwaactl.executor.commit import git_commit


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)
    identity = ("-c", "user.name=Dora", "-c", "user.email=dora@example.com")
    for arguments in (["init", "-q"], [*identity, "commit", "-q", "--allow-empty", "-m", "First"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_a_clean_tree_is_its_commit_and_a_changed_one_is_dirty(repository: Path) -> None:
    clean = git_commit(repository)
    (repository / "dags").mkdir()
    (repository / "dags" / "a.py").write_text("X = 1\n")

    assert clean is not None
    assert len(clean) == 40
    assert git_commit(repository) == f"{clean}-dirty"


def test_what_is_not_deployed_makes_no_tree_dirty(repository: Path) -> None:
    clean = git_commit(repository)
    (repository / "plan.json").write_text("{}\n")
    (repository / "tests").mkdir()
    (repository / "tests" / "a.py").write_text("X = 1\n")

    assert clean is not None
    assert git_commit(repository) == clean


@pytest.mark.parametrize("path", ["plugins/p/a.py", "requirements/requirements.txt", "startup/startup.sh"])
def test_each_artifact_counts(repository: Path, path: str) -> None:
    (repository / path).parent.mkdir(parents=True)
    (repository / path).write_text("x\n")

    assert str(git_commit(repository)).endswith("-dirty")


def test_a_name_that_is_not_utf_8_keeps_nobody_from_deploying(repository: Path) -> None:
    subprocess.run(["git", "config", "core.quotePath", "false"], cwd=repository, check=True)
    (repository / "dags").mkdir()
    Path(os.fsdecode(os.fsencode(repository / "dags") + b"/\xff.py")).write_text("X = 1\n")

    assert str(git_commit(repository)).endswith("-dirty")


def test_git_that_does_not_answer_keeps_nobody_from_deploying(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")

    assert git_commit(repository, timeout=0.1) is None
