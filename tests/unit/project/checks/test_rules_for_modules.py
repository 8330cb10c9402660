from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.colliding_names import colliding_names
from mwaactl.project.checks.python_syntax import python_syntax
from mwaactl.project.checks.shadowed_modules import shadowed_modules

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
AIRFLOW_3, PYTHON_3_11 = airflow_version("3.3.1"), airflow_version("2.10.3")


def test_a_syntax_error_is_found_in_dags_and_plugins_with_its_line(bundle_of: MakeBundle) -> None:
    bundle = bundle_of(
        {"dags/a.py": "x = 1\ndef f(:\n", "plugins/p/b.py": "x = (\n", "dags/ok.py": "x = 1\n"}
    )
    found = list(python_syntax(bundle, AIRFLOW_3))
    assert [(each.path, each.line) for each in found] == [("dags/a.py", 2), ("plugins/p/b.py", 1)]
    assert all(each.message.startswith("is not Python 3.12: ") for each in found)
    assert {each.severity for each in found} == {"error"}


@pytest.mark.parametrize("content", [b"x = '\x00'", b"# coding: nonsense\n", b"x = '\xff'\n"])
def test_bytes_that_are_no_source_are_found(bundle_of: MakeBundle, content: bytes) -> None:
    (found,) = python_syntax(bundle_of({"dags/a.py": content}), AIRFLOW_3)
    assert found.path == "dags/a.py"


def test_grammar_is_that_of_the_environment_s_python(bundle_of: MakeBundle) -> None:
    bundle = bundle_of({"dags/a.py": "type Row = dict[str, str]\n"})
    assert not list(python_syntax(bundle, AIRFLOW_3))
    (found,) = python_syntax(bundle, PYTHON_3_11)
    assert found.message.startswith("is not Python 3.11: ")


def test_a_doubtful_escape_is_no_error(bundle_of: MakeBundle) -> None:
    assert not list(python_syntax(bundle_of({"dags/a.py": "x = '\\d'\n"}), AIRFLOW_3))


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("plugins/email/__init__.py", "standard library"),
        ("plugins/logging.py", "standard library"),
        ("dags/json.py", "standard library"),
        ("plugins/airflow/x.py", "MWAA's image"),
    ],
)
def test_a_module_that_hides_another_is_found(bundle_of: MakeBundle, path: str, whose: str) -> None:
    (found,) = shadowed_modules(bundle_of({path: ""}), AIRFLOW_3)
    assert found.path == path
    assert whose in found.message


def test_a_package_is_reported_once_and_only_by_its_top_name(bundle_of: MakeBundle) -> None:
    bundle = bundle_of(
        {"plugins/json/a.py": "", "plugins/json/b.py": "", "plugins/mine/json.py": "", "dags/e.sql": ""}
    )
    assert [each.path for each in shadowed_modules(bundle, AIRFLOW_3)] == ["plugins/json/a.py"]


@pytest.mark.parametrize(
    ("first", "second"), [("dags/Load.py", "dags/load.py"), ("dags/cafe\u0301.py", "dags/caf\u00e9.py")]
)
def test_names_that_one_checkout_cannot_hold_are_found(
    bundle_of: MakeBundle, first: str, second: str
) -> None:
    (found,) = colliding_names(bundle_of({first: "", second: "", "dags/other.py": ""}), AIRFLOW_3)
    assert found.path == second
    assert f"`{first}`" in found.message


def test_the_same_name_in_two_folders_is_no_collision(bundle_of: MakeBundle) -> None:
    assert not list(colliding_names(bundle_of({"dags/a/x.py": "", "dags/b/x.py": ""}), AIRFLOW_3))
