import os
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.found_file import Skipped
from mwaactl.project.scan import scan

PRIVATE_KEY = (
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
)
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG\n-----END CERTIFICATE-----\n"
# In two pieces, so that no scanner takes this file for what it tests.
AWS_KEY = "AKIA" + "Q3EGTGYH2KLMNOPQ"
AWS_SECRET = "kZ3f9sQ1v7Lm0pXy" + "T4uWcR8bN2eHgJ6dA5oKiF+z"

_TRAPS = {
    "belongs to version control": [
        ".git/config", ".gitignore", ".gitmodules", ".hg/store", ".svn/entries", ".jj/repo", ".bzr/README",
        "CVS/Entries", "_darcs/prefs", ".github/workflows/x.yml",
    ],
    "may hold secrets": [
        ".env", ".ENV", ".env.prod", ".env.example", "prod.env", ".envrc", ".flaskenv", ".netrc", ".pypirc",
        ".npmrc", ".pgpass", ".my.cnf", ".git-credentials", ".aws/credentials", ".ssh/config", ".kube/config",
        ".docker/config.json", ".dockercfg", "kubeconfig", "server.key", "rsa_key.p8", "store.p12", "x.pfx",
        "x.jks", "db.kdbx", "airflow.keytab", "id_rsa", "id_rsa.pub", "id_ed25519", "id_ecdsa", "deploy_rsa",
        "credentials", "credentials.json", "dora_accessKeys.csv", "rootkey.csv", "client_secret_1.json",
        "service-account.json", "service_account_prod.json", "secrets.yaml", "secrets.yml", "secret.toml",
        "terraform.tfstate", "terraform.tfstate.backup", "terraform.tfvars", ".htpasswd", ".bash_history",
        ".databrickscfg", "simple_auth_manager_passwords.json.generated", "server.pem", "public_and_key.pem",
        "airflow.cfg",
    ],
    "is a cache": [
        "__pycache__/a.cpython-312.pyc", "b.pyc", "b.pyo", ".mypy_cache/x", ".pytest_cache/x",
        ".ruff_cache/x", ".ipynb_checkpoints/n.ipynb", ".venv/pyvenv.cfg", "node_modules/x", ".coverage",
        "x.egg-info/PKG-INFO", ".tox/py312", "cdk.out/manifest.json",
    ],
    "belongs to an editor or the desktop": [
        ".idea/workspace.xml", ".vscode/settings.json", ".a.py.swp", "a.py~", "#a.py#", ".#a.py", ".DS_Store",
        "._a.py", "Thumbs.db", "a.py.orig", "a.py.bak", "__MACOSX/a.py",
    ],
    "is a log": ["scheduler.log", "scheduler.log.1"],
    "is hidden": [".config/gcloud/access_tokens.db", ".unknown", ".mwaactlignore"],
}  # fmt: skip
_CASES = [(name, reason) for reason, names in _TRAPS.items() for name in names]

type Write = Callable[..., Path]


@pytest.fixture
def dags(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "dags"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def write(dags: Path) -> Write:
    def write_file(name: str, content: str = "canary") -> Path:
        path = dags / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    return write_file


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of a user who may not read everything; root would pass every test of permissions."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        before = os.geteuid()
        if before == 0:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            os.seteuid(before)


def _names(folder: Path) -> list[str]:
    return [file.name for file in scan(folder)[0]]


@pytest.mark.parametrize(("name", "reason"), _CASES)
@pytest.mark.parametrize("depth", ["", "lib/deep/"])
def test_a_trap_is_left_out_and_reported_at_every_depth(
    dags: Path, write: Write, name: str, reason: str, depth: str
) -> None:
    write("keep.py")
    write(
        depth + name, CERTIFICATE + "-----BEGIN RSA KEY-----\n" if name == "public_and_key.pem" else "canary"
    )
    files, skipped = scan(dags)
    assert [file.name for file in files] == ["keep.py"]
    top = PurePosixPath(name).parts[0]
    assert [(each.path, each.reason) for each in skipped] == [(f"dags/{depth}{top}", reason)]


@pytest.mark.parametrize(
    "name",
    [
        ".airflowignore", ".dbtignore", "a b+c%d.py", "naïve.sql", "environment.py", "keys.py", "log.py",
        "x.env.py", "-r.py", "id_mapping.csv", "cvs/stores.py", "credentials/__init__.py", "secrets.py",
        "token.sql", "key.csv", "profiles.yml", "config.json", "logs/x.csv", "core.2024.csv", "env/x.py",
        "日本.csv", "a'b.sql", "data.tar.gz", "x.crt", "passwords.sql",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_trap_is_shipped(dags: Path, write: Write, name: str) -> None:
    write(name)
    assert _names(dags) == [name]


_SECRET_TEXTS = {
    "a private key": [
        PRIVATE_KEY,
        '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADAN\\n-----END PRIVATE KEY-----\\n"}',
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF2mZ3EBCADC\n-----END PGP PRIVATE KEY BLOCK-----\n",
        "PuTTY-User-Key-File-3: ssh-ed25519\n",
    ],
    "an AWS secret access key": [
        f"[default]\naws_access_key_id = {AWS_KEY}\naws_secret_access_key = {AWS_SECRET}\n",
        f"id,{AWS_KEY}\nsecret,{AWS_SECRET}\n",
        f"AWS_SECRET_ACCESS_KEY={AWS_SECRET}\n",
        f'{{"SecretAccessKey": "{AWS_SECRET}"}}',
    ],
    "an Airflow connection with a password": [
        '{"dwh": {"conn_type": "redshift", "host": "h", "password": "hunter2"}}',
        '{"dwh": {"password": "hunter2", "conn_type": "redshift"}}',
        "dwh:\n  conn_type: redshift\n  host: h\n  password: hunter2\n",
        "dwh:\n  password: 'hunter2'\n  conn_type: redshift\n",
    ],
    "a GitHub token": ["token: gh" + "p_" + "a1B2" * 9],
    "a Slack token": ["slack: xo" + "xb-" + "123456789012-abcdefghij"],
    "an Azure storage key": ["DefaultEndpointsProtocol=https;AccountKey=" + "aB3/" * 21 + "aB=="],
}


@pytest.mark.parametrize(
    ("content", "kind"), [(text, kind) for kind, texts in _SECRET_TEXTS.items() for text in texts]
)
def test_a_secret_under_an_innocent_name_is_left_out(
    dags: Path, write: Write, content: str, kind: str
) -> None:
    write("notes.txt", content)
    assert scan(dags) == ((), (Skipped("dags/notes.txt", f"holds {kind}"),))


@pytest.mark.parametrize(
    "content",
    [
        f"id {AWS_KEY} alone is no secret",
        "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG\n-----END PUBLIC KEY-----",
        'header = "-----BEGIN PRIVATE KEY-----\\n" + body',
        "aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}",
        "commit 9d2bebb0c1a2f3e4d5b6a7988776655443322110",
        "postgresql://user:pass@localhost/example",
        '{"dwh": {"conn_type": "redshift", "password": "{{ var.value.dwh }}"}}',
        "conn_type: http\nhost: h\n",
        "login: {type: redshift, password: hunter2}",
    ],
)
def test_text_about_secrets_is_no_secret(dags: Path, write: Write, content: str) -> None:
    write("notes.txt", content)
    assert _names(dags) == ["notes.txt"]


def test_a_bundle_of_certificates_is_shipped(dags: Path, write: Write) -> None:
    write("rds-ca.pem", CERTIFICATE * 3)
    assert _names(dags) == ["rds-ca.pem"]


def test_a_large_file_of_data_is_not_searched(dags: Path, write: Write) -> None:
    write("data.csv", "x" * 300_000 + PRIVATE_KEY)
    assert _names(dags) == ["data.csv"]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (["pyvenv.cfg", "bin/python"], "is a virtual environment"),
        (["conda-meta/history"], "is a virtual environment"),
        (["HEAD", "objects/x", "refs/heads/main"], "belongs to version control"),
    ],
)
def test_a_folder_is_known_by_what_a_tool_puts_into_it(
    dags: Path, write: Write, made: list[str], reason: str
) -> None:
    write("keep.py")
    for name in made:
        write(f"anything/{name}")
    files, skipped = scan(dags)
    assert ([file.name for file in files], skipped) == (["keep.py"], (Skipped("dags/anything", reason),))


def test_files_come_sorted_by_name_whatever_the_disk_says(dags: Path, write: Write) -> None:
    for name in ("b/z.py", "a.py", "b.py", "b/a.sql"):
        write(name)
    assert _names(dags) == ["a.py", "b.py", "b/a.sql", "b/z.py"]


def test_a_link_to_a_file_inside_is_shipped(dags: Path, write: Write) -> None:
    target = write("a.py")
    (dags / "b.py").symlink_to("a.py")
    files, _ = scan(dags)
    assert [(file.name, file.path) for file in files] == [("a.py", target), ("b.py", target)]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("../outside.py", "is a link that leaves the folder"),
        ("/etc/hostname", "is a link that leaves the folder"),
        ("/etc", "is a link that leaves the folder"),
        ("lib/../../outside.py", "is a link that leaves the folder"),
        ("way-out.py", "is a link that leaves the folder"),
        ("nowhere.py", "is a link to nothing"),
        ("link.py", "is a link to nothing"),
        ("lib", "is a link to something that is not a file"),
        (".", "is a link to something that is not a file"),
        (".env", "is a link to what may hold secrets"),
        (".git/config", "is a link to what belongs to version control"),
        ("innocent.txt", "is a link to what holds a private key"),
    ],
)
def test_other_links_are_left_out_with_their_reason(
    dags: Path, write: Write, target: str, reason: str
) -> None:
    write("../outside.py")
    write("innocent.txt", PRIVATE_KEY)
    for name in ("lib/a.py", ".env", ".git/config"):
        write(name)
    (dags / "way-out.py").symlink_to("../outside.py")
    (dags / "link.py").symlink_to(target)
    files, skipped = scan(dags)
    assert [file.name for file in files] == ["lib/a.py"]
    assert Skipped("dags/link.py", reason) in skipped


def test_links_in_a_circle_end(dags: Path, write: Write) -> None:
    write("lib/a.py")
    (dags / "lib" / "again").symlink_to("..")
    (dags / "one").symlink_to("two")
    (dags / "two").symlink_to("one")
    files, skipped = scan(dags)
    assert [file.name for file in files] == ["lib/a.py"]
    assert [each.path for each in skipped] == ["dags/lib/again", "dags/one", "dags/two"]


def test_pipes_and_sockets_are_left_out_without_being_opened(dags: Path) -> None:
    os.mkfifo(dags / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(dags / "s.py"))
        files, skipped = scan(dags)
    assert files == ()
    assert skipped == (Skipped("dags/pipe.py", "is a pipe"), Skipped("dags/s.py", "is a socket"))


def test_a_device_is_left_out_without_being_opened(dags: Path) -> None:
    try:
        os.mknod(dags / "zero", stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root may make devices")
    assert scan(dags) == ((), (Skipped("dags/zero", "is a device"),))


def test_a_key_in_another_encoding_is_found(dags: Path) -> None:
    (dags / "notes.txt").write_bytes(PRIVATE_KEY.encode("utf-16"))
    assert scan(dags) == ((), (Skipped("dags/notes.txt", "holds a private key"),))


@pytest.mark.parametrize(
    ("name", "shown", "reason"),
    [
        (b"caf\xe9.py", "dags/caf\\xe9.py", "has a name that is not UTF-8"),
        (b"a\nb.py", "dags/a\\nb.py", "has control characters in its name"),
        (b"a\x1b[31mb.py", "dags/a\\x1b[31mb.py", "has control characters in its name"),
        ("a\u202eb.py".encode(), "dags/a\\u202eb.py", "has control characters in its name"),
        ("a\u00a0b.py".encode(), "dags/a\\xa0b.py", "has characters in its name that cannot be seen"),
        (b"a\\b.py", "dags/a\\b.py", "has a backslash in its name, which unpacks as a folder"),
        (b"a.py.", "dags/a.py.", "has a name that ends in a dot or a space"),
        (b"a.py ", "dags/a.py ", "has a name that ends in a dot or a space"),
    ],
)
def test_names_that_s3_or_people_would_misread_are_left_out(
    dags: Path, name: bytes, shown: str, reason: str
) -> None:
    with open(os.path.join(os.fsencode(dags), name), "w") as stream:  # noqa: PTH118, PTH123 - a path of bytes
        stream.write("x")
    assert scan(dags) == ((), (Skipped(shown, reason),))


def test_a_name_longer_than_a_key_of_s3_is_left_out(dags: Path, write: Write) -> None:
    write("/".join(["d" * 200] * 5) + "/" + "f" * 30)
    files, skipped = scan(dags)
    assert files == ()
    assert [each.reason for each in skipped] == ["has a name that is too long for S3"]


def test_a_tree_deeper_than_any_key_ends(dags: Path) -> None:
    folder = dags
    for _ in range(700):
        folder = folder / "d"
        folder.mkdir()
    files, (skipped,) = scan(dags)
    assert files == ()
    assert skipped.reason == "has a name that is too long for S3"


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert scan(tmp_path / "plugins") == ((), ())


def test_a_folder_that_is_a_link_or_a_file_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "plugins").symlink_to("/etc")
    (tmp_path / "dags").write_text("x")
    assert scan(tmp_path / "plugins") == ((), (Skipped("plugins", "is a link"),))
    assert scan(tmp_path / "dags") == ((), (Skipped("dags", "is not a folder"),))


@pytest.mark.parametrize("name", ["closed", "closed.csv"])
def test_what_cannot_be_read_is_an_error(unprivileged: Path, name: str) -> None:
    dags = unprivileged / "dags"
    dags.mkdir()
    if name == "closed":
        (dags / name).mkdir(mode=0o000)
    else:
        (dags / name).touch(mode=0o000)
    with pytest.raises(ProjectError, match=f"`dags/{name}` cannot be read: Permission denied") as caught:
        scan(dags)
    assert caught.value.code == "project.unreadable"
