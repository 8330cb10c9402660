from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.found_file import Skipped
from mwaactl.project.scan import scan


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("dags/a.py", "dags/a.ipynb", "dags/tests/test_a.py", "dags/.user.yml", "dags/.env"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


def _shipped(project: Path, patterns: str) -> list[str]:
    (project / ".mwaactlignore").write_text(patterns)
    return [file.name for file in scan(project / "dags")[0]]


@pytest.mark.parametrize(
    ("patterns", "shipped"),
    [
        ("", ["a.ipynb", "a.py", "tests/test_a.py"]),
        ("# notebooks\n*.ipynb\n\ntests/\n", ["a.py"]),
        ("dags/*\n!dags/a.py\n", ["a.py"]),
        ("/a.py\nplugins/\n", ["a.ipynb", "a.py", "tests/test_a.py"]),
        ("**/test_*.py", ["a.ipynb", "a.py"]),
    ],
)
def test_patterns_are_those_of_gitignore_below_the_root(
    project: Path, patterns: str, shipped: list[str]
) -> None:
    assert _shipped(project, patterns) == shipped


def test_what_it_leaves_out_is_told_with_its_name(project: Path) -> None:
    assert _shipped(project, "tests/\n") == ["a.ipynb", "a.py"]
    assert Skipped("dags/tests", "is named in `.mwaactlignore`") in scan(project / "dags")[1]


def test_a_hidden_file_can_be_wanted_and_a_secret_cannot(project: Path) -> None:
    assert ".user.yml" in _shipped(project, "!.user.yml\n!.env\n")
    assert ".env" not in _shipped(project, "!.user.yml\n!.env\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"a\n!\n", "holds a line that is no pattern"),
        (b"a\n[z-a]\n", "holds a line that is no pattern"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(project: Path, content: bytes, said: str) -> None:
    (project / ".mwaactlignore").write_bytes(content)
    with pytest.raises(ProjectError, match=said):
        scan(project / "dags")


def test_a_folder_in_its_place_is_refused(project: Path) -> None:
    (project / ".mwaactlignore").mkdir()
    with pytest.raises(ProjectError, match=r"`\.mwaactlignore` cannot be read: Is a directory"):
        scan(project / "dags")
