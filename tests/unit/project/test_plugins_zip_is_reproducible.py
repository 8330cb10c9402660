import io
import os
import stat
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mwaactl.project.bundle import read_bundle
from mwaactl.project.plugins_zip import pack_plugins

_NAMES = st.from_regex(r"[a-z]{1,5}(/[a-zé+ ]{0,4}[a-zé+]){0,2}\.py", fullmatch=True)
_FILES = st.dictionaries(_NAMES, st.binary(max_size=50), max_size=6)


@given(files=_FILES, data=st.data())
def test_the_order_of_files_does_not_change_the_archive(files: dict[str, bytes], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(list(files.items())))
    assert pack_plugins(shuffled) == pack_plugins(files.items())


@given(files=_FILES)
def test_the_archive_holds_what_was_packed_and_nothing_else(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(pack_plugins(files.items()))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert archive.namelist() == sorted(files)


@given(files=_FILES, name=_NAMES, content=st.binary(min_size=1, max_size=20))
def test_other_content_gives_another_archive(files: dict[str, bytes], name: str, content: bytes) -> None:
    changed = files | {name: files.get(name, b"") + content}
    assert pack_plugins(changed.items()) != pack_plugins(files.items())


def test_every_entry_is_a_plain_file_of_one_moment() -> None:
    with zipfile.ZipFile(io.BytesIO(pack_plugins([("a/b.py", b"x = 1\n")]))) as archive:
        (entry,) = archive.infolist()
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert stat.S_ISREG(entry.external_attr >> 16)
    assert stat.S_IMODE(entry.external_attr >> 16) == 0o644
    assert entry.compress_type == zipfile.ZIP_STORED


def test_time_and_mode_of_the_files_do_not_count(tmp_path: Path) -> None:
    module = tmp_path / "plugins" / "mine" / "__init__.py"
    module.parent.mkdir(parents=True)
    module.write_text("x = 1\n")
    first = read_bundle(tmp_path).plugins
    os.utime(module, (1, 1))
    module.chmod(0o700)
    assert first is not None
    assert read_bundle(tmp_path).plugins == first
    # Written down once: another digest means that every deployed environment would be updated.
    assert first.sha256 == "e3ffb74a41acf5b0bb00de223b23e17006218ac4206666dfafa1b86e77d54ac8"


def test_a_folder_without_files_makes_no_archive(tmp_path: Path) -> None:
    (tmp_path / "plugins" / "__pycache__").mkdir(parents=True)
    (tmp_path / "plugins" / "empty").mkdir()
    assert read_bundle(tmp_path).plugins is None
