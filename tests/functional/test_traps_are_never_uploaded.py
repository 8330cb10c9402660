"""A working tree full of what must not leave the machine, through a whole deployment."""

from __future__ import annotations

import io
import os
import socket
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.command_line import CONFIGURATION, CommandLine

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-7c1f0e"
PRIVATE_KEY = f"-----BEGIN PRIVATE KEY-----\n{CANARY}MIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----\n"
# In two pieces, so that no scanner takes this file for what it tests.
AWS_LOGIN = f"# {CANARY}\nAKIA" + "Q3EGTGYH2KLMNOPQ kZ3f9sQ1v7Lm0pXy" + "T4uWcR8bN2eHgJ6dA5oKiF+z\n"

BY_NAME = [
    ".git/config", ".git/HEAD", ".gitignore", ".hg/store/x", ".svn/entries", ".jj/repo/x", ".bzr/README",
    "CVS/Entries", "_darcs/prefs/x", ".github/workflows/ci.yml", ".idea/workspace.xml",
    ".vscode/settings.json", ".flights.py.swp", "flights.py~", "#flights.py#", ".DS_Store", "Thumbs.db",
    "__pycache__/flights.cpython-312.pyc", "lib/x.pyc", ".mypy_cache/x.json", ".pytest_cache/v/x",
    ".ruff_cache/x", ".ipynb_checkpoints/n.ipynb", ".venv/lib/x.py", "venv/lib/x.py",
    "node_modules/left-pad/index.js", "x.egg-info/PKG-INFO", "scheduler.log", ".env", ".env.prod",
    "local.env",
    ".envrc", ".netrc", ".pgpass", ".pypirc", ".npmrc", ".aws/credentials", ".ssh/id_ed25519", "id_rsa",
    "id_ed25519.bak", "server.pem", "server.key", "rsa_key.p8", "store.p12", "db.kdbx", "airflow.keytab",
    "credentials.json", "credentials", "dora_accessKeys.csv", "service-account-prod.json", ".htpasswd",
    ".dockercfg", ".docker/config.json", "kubeconfig", "terraform.tfstate", "terraform.tfvars",
    "secrets.yaml",
    "secrets.yml", ".kaggle/kaggle.json", ".unheard-of-tool/token", "lib/deep/.env",
]  # fmt: skip
BY_CONTENT = {
    "notes.txt": PRIVATE_KEY,
    "config/deploy": PRIVATE_KEY,
    "settings.yaml": AWS_LOGIN,
    "reader.json": '{"private_key": "-----BEGIN PRIVATE KEY-----\\n' + CANARY + 'MIIEvQ\\n"}',
    "bot.ini": f"# {CANARY}\ntoken = gh" + "p_" + "a1B2" * 9,
    "my-python/pyvenv.cfg": f"home = {CANARY}",
    "my-python/lib/python3.12/site-packages/x.py": f"'{CANARY}'",
    "mirror/HEAD": CANARY,
    "mirror/objects/x": CANARY,
    "mirror/refs/heads/main": CANARY,
}
BY_LINK = {
    "linked-file.py": "../outside.txt",
    "linked-folder": "../outside",
    "linked-absolutely.txt": "/etc/hostname",
    "linked-around.txt": "lib/../../outside.txt",
    "linked-in-a-chain.txt": "linked-file.py",
    "linked-to-a-secret.txt": ".env",
    "linked-to-a-hidden-folder.txt": ".aws/credentials",
    "linked-to-nothing.py": "nothing.py",
    "linked-to-itself": "linked-to-itself",
    "linked-up": "..",
    "linked-to-a-device": "/dev/zero",
}
BY_ODD_NAME = [
    b"caf\xe9.py", b"new\nline.py", b"bell\x07.py", "over\u202eride.py".encode(), b"back\\slash.py",
    b"dot.py.", b"space.py ", b"d" * 200 + b"/" + b"e" * 200 + b"/" + b"f" * 200 + b"/" + b"g" * 200 + b"/"
    + b"h" * 200 + b"/" + b"i" * 100,
]  # fmt: skip
LEGITIMATE = {
    "dags": [
        ".airflowignore", "linked-inside.sql", "tables.py", "flights.py", "lib/__init__.py",
        "lib/credentials/__init__.py",
        "lib/secrets_backend.py", "sql/load.sql", "sql/tokens.sql", "data/keys.csv", "data/id_mapping.csv",
        "data/naïve 日本.csv", "profiles.yml", "certificates/rds-ca.pem", "cvs/stores.py",
    ],
    "plugins": ["flights_plugin/__init__.py", "flights_plugin/.airflowignore", "flights_plugin/views/a.html"],
}  # fmt: skip


@pytest.fixture
def planted(mwaactl: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    mwaactl.write("outside.txt", CANARY)
    mwaactl.write("outside/inner.py", CANARY)
    for folder, names in LEGITIMATE.items():
        for name in names:
            if name != "linked-inside.sql" and not (mwaactl.root / folder / name).exists():
                mwaactl.write(f"{folder}/{name}", _harmless(name))
        _plant(mwaactl.root / folder)
        monkeypatch.chdir(mwaactl.root / folder)  # a socket's path may not be long
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.py")
    (mwaactl.root / "dags/linked-inside.sql").symlink_to("sql/load.sql")
    return mwaactl


@pytest.fixture
def unprivileged() -> Iterator[CommandLine]:
    """A project of a user who may not read everything; root would pass every test of permissions."""
    with tempfile.TemporaryDirectory() as folder:
        command = CommandLine(Path(folder))
        command.write("mwaactl.toml", CONFIGURATION)
        command.write("dags/flights.py", "from airflow.sdk import DAG\nDAG('flights')\n")
        command.write("dags/closed.sql", "select 1")
        (command.root / "dags/closed.sql").chmod(0)
        command.root.chmod(0o755)
        before = os.geteuid()
        if before == 0:
            os.seteuid(65534)
        try:
            yield command
        finally:
            os.seteuid(before)


def _plant(folder: Path) -> None:
    for name in BY_NAME:
        _write(folder / name, CANARY)
    for name, content in BY_CONTENT.items():
        _write(folder / name, content)
    for name, target in BY_LINK.items():
        (folder / name).symlink_to(target)
    for odd in BY_ODD_NAME:
        _write(folder / os.fsdecode(odd), CANARY)
    os.mkfifo(folder / "pipe.py")


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def _harmless(name: str) -> str:
    if name.endswith(".pem"):
        return "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG\n-----END CERTIFICATE-----\n"
    return "" if name.endswith(".py") else "harmless\n"


def test_the_corpus_is_large() -> None:
    each_folder = [*BY_NAME, *BY_CONTENT, *BY_LINK, *BY_ODD_NAME, "pipe.py"]
    assert len(each_folder) >= 80


# mwaactl deploy
def test_no_trap_is_uploaded_or_packed_and_everything_else_is(planted: CommandLine) -> None:
    result = planted("deploy")

    contents = planted.aws.bucket.contents
    assert result.code == 0
    assert sorted(key for key in contents if key.startswith("dags/")) == sorted(
        f"dags/{name}" for name in LEGITIMATE["dags"]
    )
    with zipfile.ZipFile(io.BytesIO(contents["artifacts/plugins.zip"])) as archive:
        assert archive.namelist() == sorted(LEGITIMATE["plugins"])
    assert [key for key, content in contents.items() if CANARY.encode() in content] == []
    assert CANARY not in result.stdout + result.stderr


# mwaactl deploy
def test_a_file_that_cannot_be_read_stops_before_any_write(unprivileged: CommandLine) -> None:
    result = unprivileged("deploy")

    assert result.code == 1
    assert result.stderr.startswith("error: `dags/closed.sql` cannot be read: Permission denied\n")
    assert unprivileged.aws.bucket.writes == []
    assert unprivileged.aws.cdk.deployed == []


# mwaactl deploy
@pytest.mark.parametrize("folder", ["dags", "plugins"])
@pytest.mark.parametrize("twin", ["Tables.py", "table\u017f.py"])
def test_names_that_only_case_tells_apart_are_refused(mwaactl: CommandLine, folder: str, twin: str) -> None:
    mwaactl.write(f"{folder}/tables.py", "")
    mwaactl.write(f"{folder}/{twin}", "")

    result = mwaactl("deploy")

    assert result.code == 1
    assert twin in result.stderr
    assert mwaactl.aws.bucket.writes == []


# mwaactl deploy
def test_a_file_that_becomes_a_link_after_the_check_is_not_uploaded(mwaactl: CommandLine) -> None:
    mwaactl.write("outside.txt", CANARY)
    tables = mwaactl.root / "dags/tables.py"

    def replace_by_link() -> None:
        tables.unlink()
        tables.symlink_to("../outside.txt")

    mwaactl("deploy")
    mwaactl.write("dags/tables.py", "TABLES = ('flights',)\n")
    mwaactl.write("requirements/requirements.txt", "cowsay==6.0\n")
    mwaactl.aws.stacks.on_update = replace_by_link

    result = mwaactl("deploy")

    assert result.code == 1
    assert "error: `dags/tables.py` is not the file that it was" in result.stderr
    assert mwaactl.aws.bucket.contents["dags/tables.py"] == b"TABLES = ()\n"
