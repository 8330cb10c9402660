from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.checks.dags_archive import dags_archive

if TYPE_CHECKING:
    from mwaactl.project.checks.finding import Finding
    from tests.unit.project.checks.conftest import MakeBundle

DAG = "from airflow.sdk import DAG\nDAG('x')\n"


def found(bundle_of: MakeBundle, files: dict[str, str]) -> list[Finding]:
    bundle = bundle_of({f"dags/{name}": text for name, text in files.items()})
    return list(dags_archive(bundle, airflow_version("3.3.1")))


def lines(findings: list[Finding]) -> list[str]:
    return [f"{each.severity} {each.path}:{each.line} {each.message}" for each in findings]


def test_dags_at_the_root_with_modules_in_folders_work_in_an_archive(bundle_of: MakeBundle) -> None:
    files = {
        "a.py": DAG + "from lib.tables import X\nimport helper\ndef f():\n    import lib.more, other, json",
        "lib/tables.py": "X = 1",
        "lib/more.py": "def f():\n    from . import tables\n    import helper",
        "helper.py": "import other",
        "other.py": "",
    }
    assert found(bundle_of, files) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("team/a.py", "defines a DAG in a folder, and Airflow looks for DAGs only at the root of an archive"),
        ("a.v1.py", "has a dot in its name, and is imported by that name"),
    ],
)
def test_a_dag_that_airflow_would_not_find_is_an_error(
    bundle_of: MakeBundle, name: str, message: str
) -> None:
    assert lines(found(bundle_of, {name: DAG})) == [f"error dags/{name}:None {message}"]


def test_a_compiled_module_is_an_error(bundle_of: MakeBundle) -> None:
    assert lines(found(bundle_of, {"fast.so": "x"}))[:-1] == [
        "error dags/fast.so:None is compiled, and Python cannot import it from an archive"
    ]


@pytest.mark.parametrize("pattern", ["old.py", "old", "*.py", "o.d", "/old.py"])
def test_an_ignore_file_that_leaves_out_what_an_archive_offers_is_an_error(
    bundle_of: MakeBundle, pattern: str
) -> None:
    files = {"old.py": DAG, ".airflowignore": f"# no DAGs\n{pattern}  # any more\n"}
    assert lines(found(bundle_of, files))[0] == (
        "error dags/.airflowignore:None leaves out `dags/old.py`, and is not read within an archive"
    )
    assert all(
        each.severity == "warning" for each in found(bundle_of, {**files, ".airflowignore": "lib/\n[\n"})
    )


@pytest.mark.parametrize(
    "statement", ["import late", "from late import x", "importlib.import_module('late')"]
)
def test_what_only_a_task_imports_is_an_error(bundle_of: MakeBundle, statement: str) -> None:
    files = {"a.py": DAG + f"def f():\n    {statement}", "late.py": "x = 1"}
    assert lines(found(bundle_of, files)) == [
        "error dags/a.py:4 imports `late` in a function, when the archive is no longer on Python's path"
    ]
    assert found(bundle_of, {**files, "b.py": DAG + "import late"}) == []


def test_an_import_by_the_name_of_the_folder_is_an_error(bundle_of: MakeBundle) -> None:
    files = {"a.py": DAG + "from dags.lib import x\nfrom dags import lib", "lib.py": "x = 1"}
    assert lines(found(bundle_of, files)) == [
        "error dags/a.py:3 imports `dags.lib` by `dags.`, and within an archive there is no `dags`",
        "error dags/a.py:4 imports `dags` by `dags.`, and within an archive there is no `dags`",
    ]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("x = __file__", "uses `__file__`"),
        ("x = open('a')", "calls `open`"),
        ("x = io.open('a')", "calls `open`"),
        ("x = pathlib.Path('a')", "calls `Path`"),
        ("x = DAG('b', template_searchpath=['/x'])", "looks for templates in `template_searchpath`"),
        ("x = Run(sql='sql/load.sql')", "names `sql/load.sql`"),
        ("x = Run(sql='load.sql')", "names `load.sql`"),
        ("x = Run(sql=['select 1', './sql/load.sql'])", "names `./sql/load.sql`"),
    ],
)
def test_what_looks_for_a_file_by_its_path_is_a_warning(
    bundle_of: MakeBundle, statement: str, message: str
) -> None:
    files = {"a.py": DAG + statement, "sql/load.sql": "select 1"}
    assert lines(found(bundle_of, files)) == [
        f"warning dags/a.py:3 {message}, and files within an archive have no path",
        "warning dags:None cannot be opened by a path within an archive: `dags/sql/load.sql`",
    ]


def test_data_that_is_read_as_a_resource_may_be_named(bundle_of: MakeBundle) -> None:
    files = {"a.py": DAG + "import importlib.resources as r\nr.files('sql').joinpath('load.sql')"}
    assert found(bundle_of, files) == []
    assert len(found(bundle_of, {**files, "sql/load.sql": ""})) == 1


def test_many_data_files_are_told_in_one_sentence(bundle_of: MakeBundle) -> None:
    (finding,) = found(bundle_of, {f"{number}.sql": "" for number in range(7)})
    assert finding.message.endswith(
        "`dags/0.sql`, `dags/1.sql`, `dags/2.sql`, `dags/3.sql`, `dags/4.sql` and 2 more"
    )
