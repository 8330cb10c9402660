from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mwaactl.planner.hazards import Hazard, Reason
from mwaactl.planner.window import Window, window_of
from mwaactl.project.needs import Moment
from mwaactl.report.windows import hazard_text, window_data, window_text
from tests.fakes.deployments import Deployments, facts, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DAG = "from airflow.sdk import DAG\nDAG('x')\n"


def window(old: Mapping[str, str], new: Mapping[str, str], unknown: tuple[str, ...] = ()) -> Window:
    """Returns the window of a change; of the files named the old content is not known."""
    deployments = Deployments()
    deployments.deploy(old)
    before = {
        f"dags/{name}": facts(f"dags/{name}", text) for name, text in old.items() if name.endswith(".py")
    }
    known = {key: each for key, each in before.items() if key.removeprefix("dags/") not in unknown}
    return window_of(state_of(new), deployments.plan(new).actions, known)


def texts(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [hazard_text(each) for each in window(old, new).hazards]


def test_a_name_that_goes_while_a_dag_still_takes_it_is_named_with_its_writes() -> None:
    old = {"a.py": DAG + "from lib import load", "lib.py": "load = 1\nnew = 1", "z.py": "x = 1"}
    new = {"a.py": DAG + "from lib import new", "lib.py": "new = 1", "z.py": "x = 2"}
    found = window(old, new)
    assert found.hazards == (Hazard("dags/a.py", "dags/lib.py", "load", Reason.GONE, Moment.AT_IMPORT, 1, 3),)
    assert window_text(found) == (
        "not additive: between write 1 and write 3 of 3 a parse may fail\n"
        "  `dags/a.py` takes `load` from `dags/lib.py`, which no longer has it\n"
        "  `--zero-window` deploys the DAGs as one archive instead"
    )
    assert window_data(found) == {
        "additive": False,
        "writes": 3,
        "first": 1,
        "last": 3,
        "hazards": [
            {
                "importer": "dags/a.py",
                "module": "dags/lib.py",
                "name": "load",
                "reason": "gone",
                "moment": "import",
                "first": 1,
                "last": 3,
            }
        ],
    }


def test_an_additive_change_has_no_window() -> None:
    old = {"a.py": DAG + "from lib import load", "lib.py": "load = 1", "old.py": "", "load.sql": "select 1"}
    new = {
        "a.py": DAG + "from lib import load, store\nfrom more import x",
        "lib.py": "load = 2\nstore = 1",
        "more.py": "x = 1",
        "load.sql": "select 2",
    }
    found = window(old, new)
    assert found == Window((), 5)
    assert (found.is_additive, found.first, found.last, window_text(found)) == (True, 0, 0, "")
    assert window_data(found) == {"additive": True, "writes": 5, "first": None, "last": None, "hazards": []}


TAKING = [
    "from lib.x import load",
    "from lib.x import load as l",
    "from lib.x import *\nload()",
    "import lib.x\nlib.x.load()",
    "import lib.x as x\nx.load()",
    "from lib import x\nx.load()",
    "from dags.lib.x import load",
    "import dags.lib.x\ndags.lib.x.load()",
    "import importlib\nx = importlib.import_module('lib.x')\nx.load()",
    "import lib.x\ngetattr(lib.x, 'load')()",
    "from lib.x import load\nif TYPE_CHECKING:\n    from lib.x import load as l",
    "def make():\n    from lib.x import load\nmake()",
]


@pytest.mark.parametrize("statement", TAKING)
def test_however_a_dag_takes_a_name_it_is_missed(statement: str) -> None:
    old = {"a.py": DAG + statement, "lib/x.py": "load = 1", "lib/__init__.py": ""}
    new = {"a.py": DAG, "lib/x.py": "", "lib/__init__.py": ""}
    (hazard,) = window(old, new).hazards
    assert hazard == Hazard("dags/a.py", "dags/lib/x.py", "load", Reason.GONE, Moment.AT_IMPORT, 1, 2)


@pytest.mark.parametrize("statement", TAKING)
def test_however_a_dag_takes_a_name_nothing_is_missed_that_stays(statement: str) -> None:
    old = {"a.py": DAG + statement, "lib/x.py": "load = 1", "lib/__init__.py": ""}
    new = {"a.py": DAG, "lib/x.py": "load = 2", "lib/__init__.py": "", "lib/y.py": ""}
    assert window(old, new).is_additive


@pytest.mark.parametrize(
    "statement",
    [
        "def f():\n    from lib import load",
        "@task\ndef f():\n    import lib\n    lib.load()\nf()",
        "f = lambda: __import__('lib')\nimport lib\ng = lambda: lib.load",
    ],
)
def test_what_a_function_takes_is_missed_by_a_task(statement: str) -> None:
    found = window({"a.py": DAG + statement, "lib.py": "load = 1"}, {"a.py": DAG, "lib.py": ""})
    assert [each.moment for each in found.hazards] == [Moment.LATER]
    assert window_text(found).startswith("not additive: between write 1 and write 2 of 2 a task may fail\n")


@pytest.mark.parametrize(
    "statement",
    [
        "try:\n    from lib import load\nexcept ImportError:\n    load = None",
        "try:\n    from lib import load\nexcept Exception:\n    load = None",
        "try:\n    from lib import load\nexcept:\n    load = None",
        "with contextlib.suppress(ImportError):\n    from lib import load",
        "import lib\ntry:\n    lib.load()\nexcept (KeyError, AttributeError):\n    pass",
        "if TYPE_CHECKING:\n    from lib import load",
        "if typing.TYPE_CHECKING and True:\n    from lib import load",
        "if not TYPE_CHECKING:\n    load = 1\nelse:\n    from lib import load",
        "if __name__ == '__main__':\n    from lib import load",
        "try:\n    from lib import other as load\nexcept ImportError:\n    from lib import load",
        "def load(lib): return lib.gone",
        "from airflow import load",
    ],
)
def test_what_a_file_does_without_is_no_hazard(statement: str) -> None:
    old = {"a.py": DAG + statement, "lib.py": "load = 1\nother = 1"}
    assert window(old, {"a.py": DAG, "lib.py": "other = 1"}).is_additive


@pytest.mark.parametrize(
    "statement",
    [
        "try:\n    from lib import load\nexcept ModuleNotFoundError:\n    load = None",
        "try:\n    from lib import load\nexcept ImportError as e:\n    raise RuntimeError from e",
        "try:\n    from lib import load\nexcept KeyError:\n    load = None",
        "try:\n    from lib import gone as load\nexcept ImportError:\n    from lib import load",
    ],
)
def test_a_failure_that_is_not_handled_is_a_hazard(statement: str) -> None:
    old = {"a.py": DAG + statement, "lib.py": "load = 1"}
    assert texts(old, {"a.py": DAG, "lib.py": ""}) == [
        "`dags/a.py` takes `load` from `dags/lib.py`, which no longer has it"
    ]


@pytest.mark.parametrize(
    "less",
    [
        "if SOMETHING:\n    load = 1",
        "try:\n    import fast as load\nexcept ImportError:\n    pass",
        "for load in ():\n    pass",
        "def __getattr__(name): return 1",
        "globals().update(load=1)",
        "exec('load = 1')",
        "from elsewhere import *",
        "def f():\n    global load\n    load = 1",
        "print(load := 1) if SOMETHING else None",
        "match SOMETHING:\n    case {'x': load}:\n        pass",
        "with suppress(ImportError):\n    import load",
    ],
)
def test_a_name_that_becomes_uncertain_is_a_hazard_and_one_that_was_is_none(less: str) -> None:
    dag = DAG + "from lib import load"
    assert texts({"a.py": dag, "lib.py": "load = 1"}, {"a.py": dag, "lib.py": less}) == [
        "`dags/a.py` takes `load` from `dags/lib.py`, which may no longer have it"
    ]
    assert window({"a.py": dag, "lib.py": less}, {"a.py": dag, "lib.py": f"{less}\n# more"}).is_additive
    assert window({"a.py": dag, "lib.py": less}, {"a.py": dag, "lib.py": "load = 1"}).is_additive


@pytest.mark.parametrize(
    "sure",
    [
        "def load(): pass",
        "async def load(): pass",
        "class load: pass",
        "load: int = 1",
        "other, (load, *rest) = x",
        "import load",
        "from elsewhere import x as load",
        "type load = int",
        "with open(x) as load: pass",
        "if SOMETHING:\n    load = 1\nelse:\n    load = 2",
        "if SOMETHING:\n    load = 1\nelse:\n    raise RuntimeError",
        "try:\n    import load\nexcept ImportError:\n    load = None",
        "try:\n    load = 1\nfinally:\n    pass",
        "if TYPE_CHECKING:\n    pass\nelse:\n    load = 1",
    ],
)
def test_a_name_that_every_way_binds_stays(sure: str) -> None:
    dag = DAG + "from lib import load"
    assert window({"a.py": dag, "lib.py": "load = 1"}, {"a.py": dag, "lib.py": sure}).is_additive


@pytest.mark.parametrize(
    "gone",
    [
        "load = 1\ndel load",
        "load: int",
        "if TYPE_CHECKING:\n    load = 1",
        "def f():\n    load = 1",
        "load += 1",
    ],
)
def test_a_name_that_only_seems_to_be_bound_is_gone(gone: str) -> None:
    dag = DAG + "from lib import load"
    assert texts({"a.py": dag, "lib.py": "load = 1"}, {"a.py": dag, "lib.py": gone}) == [
        "`dags/a.py` takes `load` from `dags/lib.py`, which no longer has it"
    ]


def test_a_star_takes_what_all_lists_and_else_what_has_no_underscore() -> None:
    dag = DAG + "from lib import *\nload()"
    listed = "__all__ = ['load']\n__all__ += ['more']\nload = more = 1"
    assert window({"a.py": dag, "lib.py": "load = 1"}, {"a.py": dag, "lib.py": listed}).is_additive
    for less in ("__all__ = ['more']\nload = more = 1", "_load = 1"):
        assert texts({"a.py": dag, "lib.py": "load = 1"}, {"a.py": dag, "lib.py": less}) == [
            "`dags/a.py` takes `load` from `dags/lib.py`, which no longer has it"
        ]
    assert texts({"a.py": dag, "lib.py": "load = 1"}, {"a.py": dag, "lib.py": "__all__ = f()\nload = 1"}) == [
        "`dags/a.py` takes `load` from `dags/lib.py`, which may no longer have it"
    ]


def test_a_name_that_another_file_passes_on_is_missed_there() -> None:
    old = {"a.py": DAG + "import facade\nfacade.x.load()", "facade.py": "import x", "x.py": "load = 1"}
    new = {**old, "a.py": DAG, "x.py": "other = 1"}
    assert texts(old, new) == ["`dags/a.py` takes `load` from `dags/x.py`, which no longer has it"]
    star = {"a.py": DAG + "from facade import load", "facade.py": "from x import *", "x.py": "load = 1"}
    assert texts(star, {**star, "a.py": DAG, "x.py": "other = 1"}) == [
        "`dags/a.py` takes `load` from `dags/facade.py`, which no longer has it"
    ]


def test_a_file_that_is_deleted_while_an_unchanged_one_imports_it_stays_a_hazard() -> None:
    old = {"a.py": DAG + "import gone", "gone.py": "x = 1"}
    found = window(old, {"a.py": DAG + "import gone"})
    assert window_text(found) == (
        "not additive: from write 1 of 1 on a parse may fail\n"
        "  `dags/a.py` imports `dags/gone.py`, which goes away\n"
        "  `--zero-window` deploys the DAGs as one archive instead"
    )


def test_a_new_file_that_takes_what_is_not_there_stays_a_hazard() -> None:
    old = {"lib.py": "load = 1"}
    assert texts(old, {**old, "a.py": DAG + "from lib import store"}) == [
        "`dags/a.py` takes `store` from `dags/lib.py`, which does not have it"
    ]


def test_a_module_that_becomes_a_package_keeps_its_name_for_the_dags_in_between() -> None:
    old = {"a.py": DAG + "from lib import load", "lib.py": "load = 1"}
    new = {"a.py": DAG + "from lib.x import load", "lib/__init__.py": "", "lib/x.py": "load = 1"}
    assert texts(old, new) == ["`dags/a.py` takes `load` from `dags/lib/__init__.py`, which no longer has it"]
    kept = {**new, "lib/__init__.py": "from .x import load"}
    assert window(old, kept).is_additive


def test_a_package_that_becomes_a_module_is_hidden_until_the_package_is_deleted() -> None:
    old = {"a.py": DAG + "from lib import load", "lib/__init__.py": "load = 1"}
    new = {"a.py": DAG + "from lib import store", "lib.py": "load = store = 1"}
    (hazard,) = window(old, new).hazards
    assert hazard == Hazard(
        "dags/a.py", "dags/lib/__init__.py", "store", Reason.NOT_YET, Moment.AT_IMPORT, 2, 3
    )


def test_a_folder_with_the_name_of_an_installed_package_does_not_hide_it() -> None:
    old = {"requests/a.py": DAG + "import requests\nfrom requests.auth import Basic\nrequests.get()"}
    new = {"requests/a.py": old["requests/a.py"] + "\nfrom requests import post", "requests/b.py": DAG}
    assert window(old, new).is_additive


def test_a_circle_of_which_two_files_change_is_a_hazard_and_one_is_none() -> None:
    old = {"a.py": "import b\nx = 1", "b.py": "import a\ny = 1"}
    assert window(old, {**old, "a.py": "import b\nx = 2"}).is_additive
    found = window(old, {"a.py": "import b\nx = 2", "b.py": "import a\ny = 2"})
    assert [hazard_text(each) for each in found.hazards] == [
        "`dags/a.py` and `dags/b.py` are in a circle of imports, partly old and partly new"
    ]
    later = {"a.py": "import b\nx = 1", "b.py": "def f():\n    import a"}
    assert window(later, {"a.py": "import b\nx = 2", "b.py": "def f():\n    import a\nz = 1"}).is_additive


def test_a_circle_through_a_package_that_is_about_to_be_deleted_is_a_hazard() -> None:
    old = {"p/__init__.py": "import r", "p/m.py": "x = 1", "r.py": "y = 1", "d.py": DAG + "import r"}
    new = {"p/m.py": "x = 1", "r.py": "from p.m import x\ny = 1", "d.py": DAG + "import r"}
    found = window(old, new)
    assert found.hazards == (
        Hazard("dags/r.py", "dags/p/__init__.py", "", Reason.CIRCLE, Moment.AT_IMPORT, 1, 2),
    )


def test_a_file_whose_old_content_is_not_known_is_a_hazard_only_while_something_goes_away() -> None:
    old = {"a.py": DAG + "from lib import load", "lib.py": "load = 1\nmore = 1", "z.py": "x = 1"}
    new = {"a.py": DAG, "lib.py": "load = 1", "z.py": "x = 2"}
    found = window(old, new, unknown=("a.py",))
    assert found.hazards == (Hazard("dags/a.py", "", "", Reason.UNKNOWN, Moment.AT_IMPORT, 1, 3),)
    assert [hazard_text(each) for each in found.hazards] == [
        "what `dags/a.py` takes at present is not known, while something goes away"
    ]
    assert window(old, {**new, "lib.py": "load = more = 2"}, unknown=("a.py",)).is_additive


def test_a_file_that_was_no_python_needed_nothing_and_had_nothing() -> None:
    old = {"a.py": "from lib import (", "lib.py": "load = 1"}
    assert window(old, {"a.py": DAG, "lib.py": ""}).is_additive
    broken = {"a.py": DAG + "import lib", "lib.py": "def ("}
    assert window(broken, {**broken, "lib.py": "x = 1"}).is_additive
    assert texts({**broken, "lib.py": "x = 1"}, broken) == [
        "`dags/a.py` imports `dags/lib.py`, which goes away"
    ]


def test_only_the_first_hazards_are_shown() -> None:
    names = [f"n{number}" for number in range(12)]
    old = {"a.py": DAG + f"from lib import {', '.join(names)}", "lib.py": " = ".join([*names, "1"])}
    lines = window_text(window(old, {"a.py": DAG, "lib.py": ""})).splitlines()
    assert len(lines) == 13
    assert lines[-2:] == ["  and 2 more", "  `--zero-window` deploys the DAGs as one archive instead"]
