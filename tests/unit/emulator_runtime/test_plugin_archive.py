import io
import zipfile
from pathlib import Path

import pytest

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.plugin_archive import unpack_plugins


def archive(*entries: tuple[str | zipfile.ZipInfo, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return buffer.getvalue()


def test_top_level_of_the_archive_becomes_the_plugins_folder(tmp_path: Path) -> None:
    unpack_plugins(archive(("typed/__init__.py", "X = 1\n"), ("plug.py", "Y = 2\n")), tmp_path / "plugins")
    assert (tmp_path / "plugins/typed/__init__.py").read_text() == "X = 1\n"
    assert (tmp_path / "plugins/plug.py").read_text() == "Y = 2\n"


def test_unpacking_again_leaves_nothing_of_what_was_there(tmp_path: Path) -> None:
    unpack_plugins(archive(("old.py", "")), tmp_path / "plugins")
    unpack_plugins(archive(("new.py", "")), tmp_path / "plugins")
    assert [path.name for path in (tmp_path / "plugins").iterdir()] == ["new.py"]


def test_without_an_archive_the_folder_is_empty(tmp_path: Path) -> None:
    unpack_plugins(None, tmp_path / "plugins")
    assert list((tmp_path / "plugins").iterdir()) == []


@pytest.mark.parametrize("name", ["../out.py", "a/../../out.py", "/out.py", "..\\out.py", "C:\\out.py"])
def test_entry_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(HostFailure, match="leads out of the plugins folder"):
        unpack_plugins(archive((name, "evil")), tmp_path / "deep" / "plugins")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_symbolic_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with pytest.raises(HostFailure, match="`link`"):
        unpack_plugins(archive((link, "/etc/passwd")), tmp_path / "plugins")


def test_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(HostFailure, match=r"plugins\.zip can't be unpacked"):
        unpack_plugins(b"not a zip", tmp_path / "plugins")
