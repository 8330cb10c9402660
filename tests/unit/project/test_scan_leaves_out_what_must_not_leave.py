import os
import socket
from pathlib import Path, PurePosixPath

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.scan import Skipped, scan

_TRAPS = {
    "belongs to version control": [".git/config", ".gitignore", ".gitmodules", ".hg/store", ".svn/entries"],
    "may hold secrets": [
        ".env", ".ENV", ".env.prod", "prod.env", ".envrc", ".netrc", ".pypirc", ".npmrc", ".pgpass",
        ".git-credentials", ".aws/credentials", ".ssh/config", "server.pem", "server.key", "store.p12",
        "x.pfx", "x.jks", "db.kdbx", "id_rsa", "id_rsa.pub", "id_ed25519", "id_ecdsa", "terraform.tfstate",
    ],
    "is a cache": [
        "__pycache__/a.cpython-312.pyc", "b.pyc", "b.pyo", ".mypy_cache/x", ".pytest_cache/x",
        ".ruff_cache/x", ".ipynb_checkpoints/n.ipynb", ".venv/pyvenv.cfg", "node_modules/x", ".coverage",
        "x.egg-info/PKG-INFO",
    ],
    "belongs to an editor or the desktop": [
        ".idea/workspace.xml", ".vscode/settings.json", ".a.py.swp", "a.py~", "#a.py#", ".#a.py", ".DS_Store",
        "._a.py", "Thumbs.db", "a.py.orig",
    ],
}  # fmt: skip
_CASES = [(name, reason) for reason, names in _TRAPS.items() for name in names]


def _write(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("canary")
    return path


@pytest.fixture
def dags(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "dags"
    folder.mkdir(parents=True)
    return folder


def _names(folder: Path) -> list[str]:
    return [file.name for file in scan(folder)[0]]


@pytest.mark.parametrize(("name", "reason"), _CASES)
@pytest.mark.parametrize("depth", ["", "lib/deep/"])
def test_a_trap_is_left_out_and_reported_at_every_depth(
    dags: Path, name: str, reason: str, depth: str
) -> None:
    _write(dags, "keep.py")
    _write(dags, depth + name)
    files, skipped = scan(dags)
    assert [file.name for file in files] == ["keep.py"]
    top = PurePosixPath(name).parts[0]
    assert [(each.path, each.reason) for each in skipped] == [(f"dags/{depth}{top}", reason)]


@pytest.mark.parametrize(
    "name",
    [".airflowignore", "a b+c%d.py", "naïve.sql", "environment.py", "keys.py", "log.py", "x.env.py", "-r.py"],
)
def test_what_only_looks_like_a_trap_is_shipped(dags: Path, name: str) -> None:
    _write(dags, name)
    assert _names(dags) == [name]


def test_files_come_sorted_by_name_whatever_the_disk_says(dags: Path) -> None:
    for name in ("b/z.py", "a.py", "b.py", "b/a.sql"):
        _write(dags, name)
    assert _names(dags) == ["a.py", "b.py", "b/a.sql", "b/z.py"]


def test_a_link_to_a_file_inside_is_shipped(dags: Path) -> None:
    _write(dags, "a.py")
    (dags / "b.py").symlink_to("a.py")
    assert _names(dags) == ["a.py", "b.py"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("../outside.py", "is a link that leaves the folder"),
        ("/etc/hostname", "is a link that leaves the folder"),
        ("nowhere.py", "is a link to nothing"),
        ("link.py", "is a link to nothing"),
        ("lib", "is a link to something that is not a file"),
        (".", "is a link to something that is not a file"),
        (".env", "is a link to what may hold secrets"),
        (".git/config", "is a link to what belongs to version control"),
    ],
)
def test_other_links_are_left_out_with_their_reason(dags: Path, target: str, reason: str) -> None:
    _write(dags.parent, "outside.py")
    for name in ("lib/a.py", ".env", ".git/config"):
        _write(dags, name)
    (dags / "link.py").symlink_to(target)
    files, skipped = scan(dags)
    assert [file.name for file in files] == ["lib/a.py"]
    assert Skipped("dags/link.py", reason) in skipped


def test_pipes_and_sockets_are_left_out_without_being_opened(dags: Path) -> None:
    os.mkfifo(dags / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(dags / "s.py"))
        files, skipped = scan(dags)
    assert files == ()
    assert {each.reason for each in skipped} == {"is not a regular file"}
    assert len(skipped) == 2


@pytest.mark.parametrize(
    ("name", "shown", "reason"),
    [
        (b"caf\xe9.py", "dags/caf\\xe9.py", "has a name that is not UTF-8"),
        (b"a\nb.py", "dags/a\\nb.py", "has control characters in its name"),
        ("a\u202eb.py".encode(), "dags/a\\u202eb.py", "has control characters in its name"),
    ],
)
def test_names_that_s3_or_people_would_misread_are_left_out(
    dags: Path, name: bytes, shown: str, reason: str
) -> None:
    with open(os.path.join(os.fsencode(dags), name), "w") as stream:  # noqa: PTH118, PTH123 - a path of bytes
        stream.write("x")
    assert scan(dags) == ((), (Skipped(shown, reason),))


def test_a_name_longer_than_a_key_of_s3_is_left_out(dags: Path) -> None:
    _write(dags, "/".join(["d" * 200] * 5) + "/" + "f" * 30)
    files, skipped = scan(dags)
    assert files == ()
    assert [each.reason for each in skipped] == ["has a name that is too long for S3"]


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert scan(tmp_path / "plugins") == ((), ())


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "plugins").symlink_to("/etc")
    assert scan(tmp_path / "plugins") == ((), (Skipped("plugins", "is a link"),))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_read_is_an_error(dags: Path) -> None:
    (dags / "closed").mkdir(mode=0o000)
    with pytest.raises(ProjectError, match="`dags/closed` cannot be read"):
        scan(dags)
