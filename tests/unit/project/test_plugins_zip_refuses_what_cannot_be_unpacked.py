import io
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaactl.catalog.limits import limits
from mwaactl.errors import ProjectError
from mwaactl.project.plugins_zip import pack_plugins
from mwaactl.project.portable_names import same_name, unportable_because
from mwaactl.project.reproducible_zip import ENTRIES

# Any text that a file may be called, and paths of up to four of them.
_SEGMENTS = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1, max_size=30).filter(
    lambda name: name not in (".", "..") and not unportable_because(name)
)
_PATHS = st.lists(_SEGMENTS, min_size=1, max_size=4).map("/".join).filter(lambda path: path[1:2] != ":")


@st.composite
def _trees(draw: st.DrawFn) -> dict[str, bytes]:
    """Trees that every file system can hold: no name is another's, and no file is also a folder."""
    tree: dict[str, bytes] = {}
    taken: dict[str, str] = {}
    for path in draw(st.lists(_PATHS, max_size=8)):
        above = [str(each) for each in PurePosixPath(path).parents][:-1]
        spelt = {same_name(each): each for each in above}
        fits = all(taken.get(key, each) == each for key, each in spelt.items())
        if fits and same_name(path) not in taken and not any(each in tree for each in above):
            taken |= spelt | {same_name(path): path}
            tree[path] = draw(st.binary(max_size=64))
    return tree


@given(tree=_trees())
def test_what_is_packed_unpacks_to_the_same_tree_and_packs_to_the_same_bytes(tree: dict[str, bytes]) -> None:
    packed = pack_plugins(tree.items())
    with TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
        unpacked = _read(Path(folder))
    assert {_composed(name): content for name, content in unpacked.items()} == {
        _composed(name): content for name, content in tree.items()
    }
    assert pack_plugins(reversed(list(unpacked.items()))) == packed


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/etc/passwd", "has an absolute path"),
        ("//host/share", "has an absolute path"),
        ("C:/windows/x.py", "has an absolute path"),
        ("../x.py", "has a path that does not lead straight to a file"),
        ("a/../../x.py", "has a path that does not lead straight to a file"),
        ("a/./x.py", "has a path that does not lead straight to a file"),
        ("a//x.py", "has a path that does not lead straight to a file"),
        ("a/", "has a path that does not lead straight to a file"),
        ("", "has a path that does not lead straight to a file"),
        ("..\\x.py", "has a backslash in its name"),
        ("a\0.py", "has control characters in its name"),
        ("a\nb.py", "has control characters in its name"),
        ("caf\udce9.py", "has a name that is not UTF-8"),
        ("\ud800.py", "has a name that is not UTF-8"),
        ("a.py.", "has a name that ends in a dot or a space"),
        ("a /x.py", "has a name that ends in a dot or a space"),
        ("x" * 256, "has a name that is too long for a file"),
        ("/".join(["x" * 200] * 6), "has a name that is too long for S3"),
    ],
)
def test_a_name_that_does_not_unpack_to_itself_is_refused(name: str, why: str) -> None:
    with pytest.raises(ProjectError, match=f"cannot be packed: it {why}") as caught:
        pack_plugins([("good.py", b""), (name, b"")])
    assert caught.value.code == "project.not-packable"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.py", "a.py"),
        ("A.py", "a.py"),
        ("Lib/a.py", "lib/b.py"),
        ("a/b/C/x", "a/b/c/y"),
        ("caf\u00e9.py", "cafe\u0301.py"),
        ("stra\u00dfe.py", "STRASSE.py"),
        ("lib", "lib/a.py"),
        ("LIB", "lib/a.py"),
    ],
)
def test_two_names_that_are_one_elsewhere_are_refused(first: str, second: str) -> None:
    with pytest.raises(ProjectError, match=r"cannot be packed beside `plugins/.*`: the two are one name"):
        pack_plugins([(first, b"1"), (second, b"2")])


def test_as_many_files_as_an_archive_can_count_are_packed_and_one_more_is_refused() -> None:
    most = [(f"{number:x}", b"") for number in range(ENTRIES)]
    with zipfile.ZipFile(io.BytesIO(pack_plugins(most))) as archive:
        assert len(archive.infolist()) == ENTRIES == 65_535
    with pytest.raises(ProjectError, match=r"`plugins/` holds 65,536 files, and an archive takes 65,535"):
        pack_plugins([*most, ("one-more", b"")])


def test_more_bytes_than_mwaa_takes_are_refused() -> None:
    quarter = bytes(limits().plugins_zip_bytes // 4)
    with pytest.raises(ProjectError, match=r"holds 1,342,177,280 bytes, and MWAA takes 1,073,741,824"):
        pack_plugins((f"{number}.bin", quarter) for number in range(5))


def _read(folder: Path) -> Mapping[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _composed(name: str) -> str:
    """File systems of macOS give names back in another form."""
    return unicodedata.normalize("NFC", name)
