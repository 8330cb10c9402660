from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import AirflowVersion, airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.colliding_names import colliding_names
from mwaactl.project.checks.ignore_files import ignore_files
from mwaactl.project.checks.shadowed_modules import shadowed_modules
from mwaactl.project.checks.source_files import source_files

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
AIRFLOW_3, PYTHON_3_11 = airflow_version("3.3.1"), airflow_version("2.10.3")


def test_a_syntax_error_is_found_in_dags_and_plugins_with_its_line(bundle_of: MakeBundle) -> None:
    bundle = bundle_of(
        {"dags/a.py": "x = 1\ndef f(:\n", "plugins/p/b.py": "x = (\n", "dags/ok.py": "x = 1\n"}
    )
    found = list(source_files(bundle, AIRFLOW_3))
    assert [(each.path, each.line) for each in found] == [("dags/a.py", 2), ("plugins/p/b.py", 1)]
    assert all(each.message.startswith("is not Python 3.12: ") for each in found)
    assert {each.severity for each in found} == {"error"}


@pytest.mark.parametrize("content", [b"x = '\x00'", b"# coding: nonsense\n", b"x = '\xff'\n"])
def test_bytes_that_are_no_source_are_found(bundle_of: MakeBundle, content: bytes) -> None:
    (found,) = source_files(bundle_of({"dags/a.py": content}), AIRFLOW_3)
    assert found.path == "dags/a.py"


def test_grammar_is_that_of_the_environment_s_python(bundle_of: MakeBundle) -> None:
    bundle = bundle_of({"dags/a.py": "type Row = dict[str, str]\n"})
    assert not list(source_files(bundle, AIRFLOW_3))
    (found,) = source_files(bundle, PYTHON_3_11)
    assert found.message.startswith("is not Python 3.11: ")


def test_a_doubtful_escape_is_no_error(bundle_of: MakeBundle) -> None:
    assert not list(source_files(bundle_of({"dags/a.py": "x = '\\d'\n"}), AIRFLOW_3))


@pytest.mark.parametrize(
    ("path", "severity", "message"),
    [
        ("plugins/logging.py", "error", "`logging` replaces the module of Python's standard library"),
        ("plugins/tabulate.py", "error", "`tabulate` replaces the package in MWAA's image"),
        ("plugins/mwaa.py", "error", "`mwaa` replaces the package in MWAA's image"),
        ("plugins/mine/json.py", "warning", "`json` replaces the module of Python's standard library"),
        ("plugins/email/__init__.py", "error", "`email` cannot be imported: the module of Python's"),
        ("plugins/airflow/x.py", "error", "`airflow` cannot be imported: the package in MWAA's image"),
        ("plugins/google/__init__.py", "error", "`google` hides the installed packages"),
        ("dags/google.py", "error", "`google` hides the installed packages"),
        ("dags/json.py", "warning", "`json` cannot be imported: the module of Python's standard library"),
        ("dags/requests/api.py", "warning", "`requests` cannot be imported: the package in MWAA's image"),
    ],
)  # fmt: skip
def test_a_module_with_the_name_of_another_is_found(
    bundle_of: MakeBundle, path: str, severity: str, message: str
) -> None:
    (found,) = shadowed_modules(bundle_of({path: ""}), AIRFLOW_3)
    assert (found.path, found.severity) == (path, severity)
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    "path",
    [
        "plugins/mine/__init__.py",
        "plugins/google/mine/x.py",
        "dags/tools/x.py",
        "dags/lib/json.py",
        "dags/e.sql",
    ],
)
def test_names_of_one_s_own_pass(bundle_of: MakeBundle, path: str) -> None:
    assert not list(shadowed_modules(bundle_of({path: ""}), AIRFLOW_3))


def test_a_package_is_reported_once(bundle_of: MakeBundle) -> None:
    bundle = bundle_of({"plugins/json/a.py": "", "plugins/json/b.py": "", "plugins/json/__init__.py": ""})
    assert [each.path for each in shadowed_modules(bundle, AIRFLOW_3)] == ["plugins/json/__init__.py"]


@pytest.mark.parametrize(
    ("version", "module", "taken"),
    [
        ("2.10.3", "asyncore", True), ("3.3.1", "asyncore", False), ("2.10.3", "cadwyn", False),
        ("3.3.1", "cadwyn", True),
    ],
)  # fmt: skip
def test_the_names_are_those_of_the_environment_s_python_and_image(
    bundle_of: MakeBundle, version: str, module: str, *, taken: bool
) -> None:
    found = list(shadowed_modules(bundle_of({f"plugins/{module}.py": ""}), airflow_version(version)))
    assert bool(found) is taken


@pytest.mark.parametrize(
    ("plugin", "dag", "severity"),
    [
        ("plugins/tables.py", "dags/tables.py", "error"),
        ("plugins/common/__init__.py", "dags/common/a.py", "error"),
        ("plugins/mine/tables.py", "dags/tables.py", "warning"),
    ],
)
def test_a_name_that_stands_in_both_folders_is_found(
    bundle_of: MakeBundle, plugin: str, dag: str, severity: str
) -> None:
    (found,) = shadowed_modules(bundle_of({plugin: "", dag: ""}), AIRFLOW_3)
    assert (found.path, found.severity) == (plugin, severity)
    assert f"`{dag}`" in found.message


@pytest.mark.parametrize(
    ("version", "ignore"),
    [(AIRFLOW_3, "# models\nmine/models/\n"), (PYTHON_3_11, "mine/models/.*  # a regex\n(\n")],
)
def test_a_file_that_airflow_does_not_load_replaces_nothing(
    bundle_of: MakeBundle, version: AirflowVersion, ignore: str
) -> None:
    files = {"plugins/mine/models/json.py": "", "plugins/mine/email.py": ""}
    found = list(shadowed_modules(bundle_of(files | {"plugins/.airflowignore": ignore}), version))
    assert [each.path for each in found] == ["plugins/mine/email.py"]


@pytest.mark.parametrize(
    "files",
    [
        {"dags/lib/a.py", "dags/Lib/b.py"},
        {"dags/lib", "dags/LIB/b.py"},
    ],
)
def test_folders_that_one_checkout_cannot_hold_are_found(bundle_of: MakeBundle, files: set[str]) -> None:
    (found,) = colliding_names(bundle_of(dict.fromkeys(files, "")), AIRFLOW_3)
    assert (found.severity, found.path.casefold()) == ("error", "dags/lib")


@pytest.mark.parametrize(
    ("first", "second"), [("dags/Load.py", "dags/load.py"), ("dags/cafe\u0301.py", "dags/caf\u00e9.py")]
)
def test_names_that_one_checkout_cannot_hold_are_found(
    bundle_of: MakeBundle, first: str, second: str
) -> None:
    (found,) = colliding_names(bundle_of({first: "", second: "", "dags/other.py": ""}), AIRFLOW_3)
    assert found.path == second
    assert f"`{first}`" in found.message


def test_names_that_look_the_same_are_told_apart(bundle_of: MakeBundle) -> None:
    (found,) = colliding_names(bundle_of({"dags/cafe\u0301.py": "", "dags/caf\u00e9.py": ""}), AIRFLOW_3)
    assert found.message.endswith(
        r"the composition of accents does not count: 'dags/caf\xe9.py' and 'dags/cafe\u0301.py'"
    )


def test_the_same_name_in_two_folders_is_no_collision(bundle_of: MakeBundle) -> None:
    assert not list(colliding_names(bundle_of({"dags/a/x.py": "", "dags/b/x.py": ""}), AIRFLOW_3))


@pytest.mark.parametrize("path", ["dags/.airflowignore", "dags/old/.airflowignore", "plugins/.airflowignore"])
@pytest.mark.parametrize("version", [AIRFLOW_3, PYTHON_3_11])
def test_an_ignore_file_that_is_not_utf_8_is_found(
    bundle_of: MakeBundle, path: str, version: AirflowVersion
) -> None:
    (found,) = ignore_files(bundle_of({path: "old/\n# für später\n".encode("latin-1")}), version)
    assert (found.severity, found.path, found.line) == ("error", path, 2)
    assert found.message == "is not UTF-8, and Airflow ends its search for files there: it would find none"


@pytest.mark.parametrize("line", ["!", "\\", "old\\", "[z-a]", "\\#old"])
@pytest.mark.parametrize("folder", ["dags", "plugins"])
def test_a_line_that_is_no_pattern_is_found(bundle_of: MakeBundle, folder: str, line: str) -> None:
    bundle = bundle_of({f"{folder}/.airflowignore": f"old/\r\n{line}\r\n", "plugins/email.py": ""})
    (found,) = ignore_files(bundle, AIRFLOW_3)
    assert (found.severity, found.path, found.line) == ("error", f"{folder}/.airflowignore", 2)
    assert f"`{line.removesuffix('#old')}` is no pattern" in found.message
    assert not list(ignore_files(bundle, PYTHON_3_11))
    assert [each.path for each in shadowed_modules(bundle, AIRFLOW_3)] == ["plugins/email.py"]


def test_what_airflow_reads_as_patterns_passes(bundle_of: MakeBundle) -> None:
    text = "# für später\n\nold/ # gone\n!old/kept.py\n*.tmp\n(\n[\n/\n"
    assert not list(ignore_files(bundle_of({"dags/.airflowignore": text}), AIRFLOW_3))
