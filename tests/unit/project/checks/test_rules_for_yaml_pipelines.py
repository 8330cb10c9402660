"""What `mwaactl check` says of pipelines in YAML, without Airflow."""

from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.yaml_pipelines import yaml_pipelines
from tests.airflow.inside.ten_mistakes import GOOD, MISTAKES

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
LOADER = (
    "from airflow.sdk import DAG\nfrom typed_assets.loading import load_pipelines\n\n"
    'load_pipelines(globals(), "pipelines", mistakes_in="pipelines_mistakes.py")\n'
)
REPORTER = (
    "from airflow.sdk import DAG\nfrom typed_assets.loading import report_mistakes\n\n"
    'report_mistakes(globals(), "pipelines")\n'
)
FILES = {
    "dags/pipelines.py": LOADER,
    "dags/pipelines_mistakes.py": REPORTER,
    "dags/sql/load.sql": "select 1",
    "dags/pipelines/good.yaml": GOOD,
}


def check(bundle: Bundle, version: str = "3.3.1") -> list[Finding]:
    return list(yaml_pipelines(bundle, airflow_version(version)))


@pytest.mark.parametrize("version", ["3.3.1", "3.2.1", "3.0.6"])
def test_ten_mistakes_are_ten_findings_with_file_and_line(bundle_of: MakeBundle, version: str) -> None:
    broken = {f"dags/pipelines/{name}.yaml": text for name, (text, _) in MISTAKES.items()}
    assert check(bundle_of({**FILES, **broken}), version) == [
        Finding("yaml-pipeline", "error", f"dags/pipelines/{name}.yaml", line, f"`{key}`: {message}", hint)
        for name, (_, (line, key, message, hint)) in sorted(MISTAKES.items())
    ]


def test_a_project_in_order_has_no_findings(bundle_of: MakeBundle) -> None:
    assert check(bundle_of(FILES)) == []


def test_an_argument_that_a_version_has_not_is_named_for_it(bundle_of: MakeBundle) -> None:
    files = {
        **FILES,
        "dags/pipelines/good.yaml": GOOD.replace("database: dev", "database: dev, durable: true"),
    }
    bundle = bundle_of(files)
    assert check(bundle, "3.3.1") == []
    assert [each.message for each in check(bundle, "3.0.6")] == [
        "`steps[0].arguments.durable`: `RedshiftDataOperator` has no argument `durable`"
    ]


@pytest.mark.parametrize(
    "folder", ["./pipelines", "pipelines/", ".//pipelines", ".", "", "../dags/pipelines", "sql/../pipelines"]
)
def test_a_folder_is_found_however_it_is_written(bundle_of: MakeBundle, folder: str) -> None:
    loaders = {
        name: FILES[name].replace('"pipelines"', f'"{folder}"')
        for name in ("dags/pipelines.py", "dags/pipelines_mistakes.py")
    }
    assert check(bundle_of({**FILES, **loaders})) == []
    broken = {"dags/pipelines/wrong.yaml": "steps: 1\n"}
    assert {each.path for each in check(bundle_of({**FILES, **loaders, **broken}))} == set(broken)


def test_a_folder_beside_the_one_of_the_dag_file_is_checked(bundle_of: MakeBundle) -> None:
    moved = {name.replace("dags/pipelines", "dags/team/pipelines"): text for name, text in FILES.items()}
    files = {name: text.replace('"pipelines"', '"../shared"') for name, text in moved.items()}
    broken = {"dags/shared/wrong.yaml": "steps: 1\n"}

    assert [each.path for each in check(bundle_of({**files, **broken}))] == list(broken)


@pytest.mark.parametrize("folder", ["../pipelines", "../../dags/pipelines", "/dags/pipelines"])
def test_a_folder_outside_of_what_is_shipped_is_missing(bundle_of: MakeBundle, folder: str) -> None:
    loader = LOADER.replace('"pipelines"', f'"{folder}"')

    [found] = check(bundle_of({**FILES, "dags/pipelines.py": loader}))

    assert (found.path, found.rule) == ("dags/pipelines.py", "yaml-pipeline-loader")
    assert found.message.startswith("there is no folder `")


def test_operators_of_other_packages_are_left_to_airflow(bundle_of: MakeBundle) -> None:
    text = "steps: [{id: a, operator: our_plugins.operators.Load, arguments: {x: 1}}]\n"
    assert check(bundle_of({**FILES, "dags/pipelines/own.yaml": text})) == []


def test_a_loader_without_a_reporter_is_warned_of(bundle_of: MakeBundle) -> None:
    loader = LOADER.replace(', mistakes_in="pipelines_mistakes.py"', "")
    files = {**FILES, "dags/pipelines.py": loader}
    assert check(bundle_of(files)) == [
        Finding(
            "yaml-pipeline-loader",
            "warning",
            "dags/pipelines.py",
            4,
            "one mistake in a YAML file keeps every pipeline of the folder from loading",
            "add a DAG file that calls `report_mistakes`, and name it with `mistakes_in`",
        )
    ]


def test_a_reporter_that_is_not_there_is_an_error(bundle_of: MakeBundle) -> None:
    files = {name: text for name, text in FILES.items() if name != "dags/pipelines_mistakes.py"}
    (found,) = check(bundle_of(files))
    assert (found.severity, found.line) == ("error", 4)
    assert (
        found.message
        == "`pipelines_mistakes.py` does not report mistakes, so none of the pipelines would load"
    )


def test_a_folder_that_is_not_there_or_not_known_is_told(bundle_of: MakeBundle) -> None:
    files = {
        **FILES,
        "dags/pipelines.py": LOADER.replace('"pipelines"', '"pipeline"'),
        "dags/pipelines_mistakes.py": REPORTER.replace('"pipelines"', "FOLDER"),
    }
    assert [(each.path, each.severity, each.message) for each in check(bundle_of(files))] == [
        ("dags/pipelines.py", "error", "there is no folder `pipeline` beside this file"),
        (
            "dags/pipelines_mistakes.py",
            "warning",
            "loads pipelines from a folder that is not named in quotes, so they are not checked",
        ),
    ]


MADE = """
steps:
  - asset: {name: a, uri: "s3://b/a/", checks: [{name: c, run: "CHECK"}]}
    make: MAKE
  - id: call
    operator: airflow.providers.standard.operators.python.PythonOperator
    arguments: {python_callable: "lib.tables:notee"}
"""
LIB = {
    "dags/lib/__init__.py": "",
    "dags/lib/tables.py": "def delays(): ...\nif len('x'):\n    from json import loads\nclass Note: ...\n",
    "dags/lib/starred.py": "from other import *\n",
    "dags/lib/made.py": "globals()['x'] = len\n",
    "plugins/marts/__init__.py": "",
}


@pytest.mark.parametrize(
    ("make", "check_", "said"),
    [
        ("lib.tables:delays", "lib.tables:loads", []),
        ("lib.starred:x", "lib.made:y", []),
        ("marts.days:x", "boto3:client", []),
        (
            "lib.tables:delys",
            "lib.tabels:delays",
            [
                (3, "module `lib.tables` has no function `delys`", "did you mean `delays`?"),
                (3, "there is no module `lib.tabels` in dags/", "did you mean `lib.tables`?"),
            ],
        ),
    ],
)
def test_a_function_that_a_module_of_the_tree_has_not_is_found(
    bundle_of: MakeBundle, make: str, check_: str, said: list[tuple[int, str, str]]
) -> None:
    text = MADE.replace("MAKE", make).replace("CHECK", check_)
    found = check(bundle_of({**FILES, **LIB, "dags/pipelines/marts.yaml": text}))
    assert [(each.line, each.message.partition(": ")[2], each.hint) for each in found] == [
        *said,
        (5, "module `lib.tables` has no function `notee`", "did you mean `Note`?"),
    ]
