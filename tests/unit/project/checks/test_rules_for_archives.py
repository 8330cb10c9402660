import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.nested_archives import nested_archives

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
VERSION = airflow_version("3.3.1")


def _archive(*entries: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as archive:
        warnings.simplefilter("ignore")  # Python warns of names that stand twice
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def _special(kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("pkg/way-out")
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    return entry


def _encrypted() -> bytes:
    content = bytearray(_archive(("pkg/a.py", b"x")))
    central = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, central + 8, 1)
    return bytes(content)


def _overlapping() -> bytes:
    content = bytearray(_archive(("pkg/a.py", b"x" * 100)))
    central = content.index(b"PK\x01\x02")
    struct.pack_into("<II", content, central + 20, 10_000_000, 10_000_000)
    return bytes(content)


_BOMB = _archive(("zeros", bytes(70 * 1024 * 1024)), compression=zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("path", ["plugins/pkg-1.0-py3-none-any.whl", "plugins/x.ZIP", "dags/packaged.zip"])
def test_an_honest_archive_passes(bundle_of: MakeBundle, path: str) -> None:
    content = _archive(("pkg/", b""), ("pkg/__init__.py", b""), ("pkg/a..b.py", b"x" * 5000))
    assert not list(nested_archives(bundle_of({path: content}), VERSION))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_archive(("/etc/passwd", b"")), "holds the absolute path `/etc/passwd`"),
        (_archive(("C:\\x.py", b"")), "holds the absolute path `C:\\x.py`"),
        (_archive(("\\\\host\\x", b"")), "holds the absolute path `\\\\host\\x`"),
        (_archive(("../x.py", b"")), "holds `../x.py`, which leads out of the folder"),
        (_archive(("a/../../x.py", b"")), "leads out of the folder"),
        (_archive(("a\\..\\..\\x.py", b"")), "leads out of the folder"),
        (
            _archive((_special(stat.S_IFLNK), b"/etc/passwd")),
            "holds `pkg/way-out`, which is a link or a device",
        ),
        (_archive((_special(stat.S_IFIFO), b"")), "is a link or a device"),
        (_archive((_special(stat.S_IFCHR), b"")), "is a link or a device"),
        (_archive(("a.py", b"1"), ("a.py", b"2")), "holds `a.py` twice"),
        (_encrypted(), "holds `pkg/a.py`, which is encrypted"),
        (_overlapping(), "holds entries that overlap"),
        (_BOMB, "unpacks to 73,400,320 bytes, 1"),
        (b"no archive", "is no zip archive"),
        (b"", "is no zip archive"),
    ],
)
@pytest.mark.parametrize("path", ["plugins/pkg-1.0-py3-none-any.whl", "dags/packaged.zip"])
def test_an_archive_that_does_harm_is_found(
    bundle_of: MakeBundle, path: str, content: bytes, said: str
) -> None:
    (found,) = nested_archives(bundle_of({path: content, "plugins/p/a.py": ""}), VERSION)
    assert (found.rule, found.severity, found.path) == ("nested-archive", "error", path)
    assert said in found.message


def test_an_archive_that_unpacks_to_more_than_mwaa_takes_is_found(bundle_of: MakeBundle) -> None:
    content = bytearray(_archive(("zeros", b"0" * 100)))
    central = content.index(b"PK\x01\x02")
    struct.pack_into("<I", content, central + 24, 2**31)
    (found,) = nested_archives(bundle_of({"plugins/x.whl": bytes(content)}), VERSION)
    assert found.message == "unpacks to 2,147,483,648 bytes, and MWAA takes 1,073,741,824"


def test_an_archive_that_became_a_link_is_not_opened(bundle_of: MakeBundle, tmp_path: Path) -> None:
    bundle = bundle_of({"plugins/x.whl": _archive(("a.py", b""))})
    (tmp_path / "plugins/x.whl").unlink()
    (tmp_path / "plugins/x.whl").symlink_to("/etc/hostname")
    with pytest.raises(ProjectError, match="is not the file that it was"):
        list(nested_archives(bundle, VERSION))


@pytest.mark.parametrize("name", [".env", "jobs/.env.prod", "keys/id_rsa", "a/.aws/credentials", "X.P12"])
@pytest.mark.parametrize("path", ["dags/packaged.zip", "plugins/jobs.ZIP", "plugins/jobs.egg"])
def test_a_key_packed_into_an_archive_is_found(bundle_of: MakeBundle, path: str, name: str) -> None:
    (found,) = nested_archives(bundle_of({path: _archive(("jobs/a.py", b""), (name, b"A=1\n"))}), VERSION)
    assert (found.rule, found.severity, found.path) == ("nested-archive", "error", path)
    assert found.message == f"holds `{name}`, which may hold secrets"


@pytest.mark.parametrize("name", ["credentials/__init__.py", "jobs/.gitignore", "jobs/keys.py"])
def test_a_package_with_the_name_of_a_secret_is_none(bundle_of: MakeBundle, name: str) -> None:
    assert not list(nested_archives(bundle_of({"dags/packaged.zip": _archive((name, b""))}), VERSION))


def test_a_wheel_may_hold_the_keys_of_its_tests(bundle_of: MakeBundle) -> None:
    bundle = bundle_of({"plugins/x-1.0-py3-none-any.whl": _archive(("x/test/server.key", b""))})
    assert not list(nested_archives(bundle, VERSION))
