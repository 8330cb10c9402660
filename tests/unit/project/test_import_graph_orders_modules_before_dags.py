import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaactl.project.import_graph import import_graph, writing_order

DAG = b"from airflow.sdk import dag\n"


@pytest.mark.parametrize(
    ("statement", "imported"),
    [
        (b"import lib.tables", ("lib/__init__.py", "lib/tables.py")),
        (b"import lib.tables as t, os", ("lib/__init__.py", "lib/tables.py")),
        (b"from lib import tables", ("lib/__init__.py", "lib/tables.py")),
        (b"from lib.tables import NAMES", ("lib/__init__.py", "lib/tables.py")),
        (b"from lib.tables import *", ("lib/__init__.py", "lib/tables.py")),
        (b"from . import single", ("single.py",)),
        (b"from .lib import tables", ("lib/__init__.py", "lib/tables.py")),
        (b"def f():\n    import single", ("single.py",)),
        (b"if TYPE_CHECKING:\n    import single", ("single.py",)),
        (b"import airflow, liberty", ()),
        (b"x = 'import single'", ()),
        (b"import single, (", ()),
        (b"\x00", ()),
        (b"\xff\xfe", ()),
    ],
)
def test_an_import_is_found_as_the_files_it_reads(statement: bytes, imported: tuple[str, ...]) -> None:
    code = {"dag.py": statement, "lib/__init__.py": b"", "lib/tables.py": b"", "single.py": b""}
    assert import_graph(code)["dag.py"] == imported


@pytest.mark.parametrize(
    ("statement", "imported"),
    [
        (b"from . import b", ("p/__init__.py", "p/b.py")),
        (b"from .b import x", ("p/__init__.py", "p/b.py")),
        (b"from .. import c", ("c.py",)),
        (b"from ..q import d", ("q/d.py",)),
        (b"from .... import c", ("c.py",)),
    ],
)
def test_dots_count_from_the_file_s_own_package(statement: bytes, imported: tuple[str, ...]) -> None:
    code = {"p/a.py": statement, "p/__init__.py": b"", "p/b.py": b"", "c.py": b"", "q/d.py": b""}
    assert import_graph(code)["p/a.py"] == imported


def test_modules_come_before_the_dags_that_import_them() -> None:
    code = {
        "a_dag.py": DAG + b"from z_lib import middle\n",
        "z_lib/__init__.py": b"",
        "z_lib/middle.py": b"from z_lib import base\n",
        "z_lib/base.py": b"",
    }
    assert writing_order(code) == ("z_lib/__init__.py", "z_lib/base.py", "z_lib/middle.py", "a_dag.py")


def test_modules_that_nothing_seems_to_import_still_come_before_the_dags() -> None:
    assert writing_order({"a_dag.py": DAG, "b_dag.py": DAG, "loaded_by_name.py": b""}) == (
        "loaded_by_name.py",
        "a_dag.py",
        "b_dag.py",
    )


def test_modules_in_a_circle_are_each_written_once() -> None:
    code = {"a.py": b"import b", "b.py": b"import c", "c.py": b"import a", "dag.py": DAG + b"import b"}
    assert sorted(writing_order(code)) == sorted(code)
    assert writing_order(code)[-1] == "dag.py"


def test_a_chain_longer_than_the_stack_is_walked() -> None:
    code = {f"m{number}.py": f"import m{number + 1}".encode() for number in range(3000)}
    assert writing_order(code)[0] == "m2999.py"


@given(
    edges=st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda edge: edge[0] < edge[1])),
    dags=st.sets(st.integers(0, 9)),
)
def test_in_any_graph_without_circles_what_is_imported_is_written_first(
    edges: set[tuple[int, int]], dags: set[int]
) -> None:
    code = {
        f"m{node}.py": b"".join(
            [DAG * (node in dags), *(f"import m{b}\n".encode() for a, b in edges if a == node)]
        )
        for node in range(10)
    }
    place = {name: index for index, name in enumerate(writing_order(code))}
    assert set(place) == set(code)
    assert all(place[f"m{imported}.py"] < place[f"m{importer}.py"] for importer, imported in edges)
