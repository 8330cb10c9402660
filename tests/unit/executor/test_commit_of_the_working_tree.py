from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from mwaactl.executor.commit import git_commit

if TYPE_CHECKING:
    from pathlib import Path


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
    (repository / "a.py").write_text("X = 1\n")

    assert clean is not None
    assert len(clean) == 40
    assert git_commit(repository) == f"{clean}-dirty"


def test_git_that_does_not_answer_keeps_nobody_from_deploying(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")

    assert git_commit(repository, timeout=0.1) is None
