import pytest

from mwaactl.project.import_graph import Modules, imports_of
from mwaactl.project.source_facts import facts_of


def imports(key: str, source: bytes, *keys: str) -> tuple[str, ...]:
    return imports_of(key, facts_of(key, source).needs, Modules((key, *keys)))


LIB = ("dags/lib/__init__.py", "dags/lib/tables.py")
SINGLE = ("dags/single.py",)


@pytest.mark.parametrize(
    ("statement", "imported"),
    [
        (b"import lib.tables", LIB),
        (b"import lib.tables as t, os", LIB),
        (b"from lib import tables", LIB),
        (b"from lib import tables as t", LIB),
        (b"from lib.tables import NAMES", LIB),
        (b"from lib.tables import *", LIB),
        (b"from lib import *", LIB[:1]),
        (b"import lib", LIB[:1]),
        (b"from dags.lib.tables import NAMES", LIB),
        (b"import dags.lib.tables", LIB),
        (b"from dags import single", SINGLE),
        (b"from . import single", SINGLE),
        (b"from .lib import tables", LIB),
        (b"def f():\n    import single", SINGLE),
        (b"async def f():\n    import single", SINGLE),
        (b"class C:\n    def f(self):\n        from single import X", SINGLE),
        (b"f = lambda: __import__('single')", SINGLE),
        (b"if TYPE_CHECKING:\n    import single", SINGLE),
        (b"if sys.version_info > (3, 11):\n    import single", SINGLE),
        (b"try:\n    import single\nexcept ImportError:\n    import lib", (LIB[0], *SINGLE)),
        (b"with suppress(ImportError):\n    import single", SINGLE),
        (b"match x:\n    case 1:\n        import single", SINGLE),
        (b"import importlib\nm = importlib.import_module('lib.tables')", LIB),
        (b"m = import_module('.tables', 'lib')", LIB),
        (b"m = import_module('.single', __package__)", SINGLE),
        (b"m = import_module(name)", ()),
        (b"import airflow, liberty", ()),
        (b"import json.lib.tables", ()),
        (b"x = 'import single'", ()),
        (b"import single, (", ()),
        (b"\x00", ()),
        (b"\xff\xfe", ()),
    ],
)
def test_an_import_is_found_as_the_files_it_runs(statement: bytes, imported: tuple[str, ...]) -> None:
    assert imports("dags/dag.py", statement, *LIB, *SINGLE) == imported


@pytest.mark.parametrize(
    ("statement", "imported"),
    [
        (b"from . import b", ("dags/p/b.py",)),
        (b"from .b import x", ("dags/p/b.py",)),
        (b"from p.b import x", ("dags/p/b.py",)),
        (b"from . import NAME", ("dags/p/__init__.py",)),
        (b"from p import NAME", ("dags/p/__init__.py",)),
        (b"import p", ("dags/p/__init__.py",)),
        (b"from .. import c", ("dags/c.py",)),
        (b"from ..q import d", ("dags/q/d.py",)),
        (b"from .... import c", ("dags/c.py",)),
    ],
)
def test_dots_count_from_the_file_s_own_package(statement: bytes, imported: tuple[str, ...]) -> None:
    keys = ("dags/p/__init__.py", "dags/p/b.py", "dags/c.py", "dags/q/d.py")
    assert imports("dags/p/a.py", statement, *keys) == imported


def test_dots_in_a_package_s_own_file_count_from_that_package() -> None:
    keys = ("dags/p/b.py", "dags/c.py")
    assert imports("dags/p/__init__.py", b"from . import b\nfrom .. import c", *keys) == (
        "dags/c.py",
        "dags/p/b.py",
    )


def test_a_package_that_offers_what_its_parts_have_is_in_no_circle_with_them() -> None:
    keys = ("dags/p/__init__.py", "dags/p/a.py", "dags/p/b.py")
    assert imports("dags/p/__init__.py", b"from p.a import x\nfrom .b import y", *keys) == keys[1:]
    assert imports("dags/p/b.py", b"from p.a import x", *keys) == keys[1:2]


def test_a_folder_without_init_is_walked_through() -> None:
    assert imports("dags/a.py", b"from team.area import tables", "dags/team/area/tables.py") == (
        "dags/team/area/tables.py",
    )


def test_a_package_is_taken_before_a_module_of_the_same_name() -> None:
    assert imports("dags/a.py", b"import lib", "dags/lib.py", "dags/lib/__init__.py") == (
        "dags/lib/__init__.py",
    )


def test_a_folder_dags_within_the_folder_dags_means_itself() -> None:
    keys = ("dags/dags/x.py", "dags/x.py")
    assert imports("dags/a.py", b"from dags import x", *keys) == ("dags/dags/x.py",)


def test_a_file_does_not_import_itself() -> None:
    assert imports("dags/a.py", b"import a") == ()
