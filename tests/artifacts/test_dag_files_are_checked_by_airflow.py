"""The check, with Airflow as it is installed for it: what a fake driver could only claim."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mwaactl.cli.compose import Composition
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.load import load_config, select_environment
from mwaactl.project.airflow_parsing.driver_process import run_driver
from mwaactl.project.airflow_parsing.parser import Parser
from mwaactl.project.bundle import read_bundle
from mwaactl.project.checks.airflow_migration import AirflowMigration
from mwaactl.project.gate import Checked, Gate, Part, check_project
from mwaactl.project.requirements.process import run_process
from tests.artifacts.checked_corpus import CASES, FINE, HELPER, HELPER_SOURCE, Case
from tests.fakes.scripted_driver import ENVIRONMENT
from tests.fakes.shipped_dags import shipped_dags

ROOT = Path(__file__).parents[2]
DAGS_ONLY: tuple[Part, ...] = ("dags",)
# Airflow's own limits, so short that waiting for them is no burden.
LIMITS = {
    "core.dagbag_import_timeout": "6",
    "dag_processor.dag_file_processor_timeout": "10",
    "dag_processor.min_file_process_interval": "60",
}


def check(root: Path, environment: EnvironmentConfig, variables: Mapping[str, str]) -> Checked:
    """Parse a project's DAG files with the packages that `mwaactl check` keeps for this repository."""
    environments = Composition(os.environ).clean_environments(ROOT, environment.airflow_version)
    parser = Parser(environments, run_driver, variables, budget=3.0, workers=2, keep=False)
    gate = Gate(parser, AirflowMigration(run_process, os.environ))
    return check_project(read_bundle(root), environment, gate, DAGS_ONLY)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


@pytest.fixture(
    scope="module",
    params=["3.3.1", *(pytest.param(version, marks=pytest.mark.whole) for version in ("3.2.1", "3.0.6"))],
)
def environment(request: pytest.FixtureRequest) -> EnvironmentConfig:
    """An environment of each version; each needs its own packages, which are built once."""
    return replace(ENVIRONMENT, airflow_version=request.param)


@pytest.fixture(scope="module")
def checked(environment: EnvironmentConfig, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The whole corpus in one run: none of the files may disturb another."""
    root = tmp_path_factory.mktemp("corpus")
    write(root / "dags", {case.file: case.source for case in CASES} | FINE | {HELPER: HELPER_SOURCE})
    broken = "from airflow.plugins_manager import AirflowPlugin\nimport absent\n"
    write(root / "plugins", {"broken_plugin.py": broken, "own_names.py": "NAME = 'from_plugins'\n"})
    return check(root, replace(environment, airflow_config_options=LIMITS), {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_fault_is_found_with_file_and_line(checked: Checked, case: Case) -> None:
    found = [each for each in checked.findings if each.path == case.path]
    assert [(each.rule, each.severity) for each in found] == [(case.rule, case.severity)]
    assert case.words in found[0].message
    if case.line is not None:
        assert found[0].line == case.line


def test_files_without_fault_are_parsed_beside_the_others(checked: Checked) -> None:
    assert checked.parsing is not None
    dags = {facts.file: [dag.id for dag in facts.dags] for facts in checked.parsing.files}
    assert dags["dags/fine.py"] == ["fine"]
    assert dags["dags/forks.py"] == ["forks"]
    assert dags["dags/takes_from_plugins.py"] == ["from_plugins"]
    assert not [each for each in checked.findings if each.path in {f"dags/{name}" for name in FINE}]


def test_plugin_that_cannot_be_loaded_is_found(checked: Checked) -> None:
    (found,) = [each for each in checked.findings if each.path.startswith("plugins/")]
    assert (found.rule, found.severity, found.line) == ("plugin-import-error", "error", 2)
    assert found.message == "cannot be loaded: ModuleNotFoundError: No module named 'absent'"


def test_nothing_that_a_file_started_is_left(checked: Checked) -> None:
    del checked
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 86311" not in processes


def test_variables_of_the_caller_answer_for_airflow_s(environment: EnvironmentConfig, tmp_path: Path) -> None:
    source = "from airflow.sdk import DAG, Variable\nDAG(Variable.get('name'), schedule=None)\n"
    write(tmp_path / "dags", {"named.py": f"{source}dag = DAG(Variable.get('name'), schedule=None)\n"})
    found = check(tmp_path, environment, {"AIRFLOW_VAR_NAME": "from_the_check"})
    assert found.parsing is not None
    assert [dag.id for facts in found.parsing.files for dag in facts.dags] == ["from_the_check"]
    assert {each.rule for each in found.findings} == {"dag-variable"}


def test_airflow_that_does_not_start_is_one_finding(environment: EnvironmentConfig, tmp_path: Path) -> None:
    write(tmp_path / "dags", {"fine.py": FINE["fine.py"]})
    write(tmp_path / "plugins", {"airflow_local_settings.py": "import os\n\nos.environ['NOT_THERE']\n"})
    (found,) = check(tmp_path, environment, {}).findings
    assert (found.rule, found.severity, found.path, found.line) == (
        "airflow-start",
        "error",
        "plugins/airflow_local_settings.py",
        3,
    )
    assert found.message == "keeps every process of Airflow from starting: KeyError: 'NOT_THERE'"


def test_this_repository_has_nothing_to_find() -> None:
    environment = select_environment(load_config(ROOT / "mwaactl.toml"), environ={})
    environments = Composition(os.environ).clean_environments(ROOT, environment.airflow_version)
    # As `mwaactl check` does it, with what that has kept of files that are as they were.
    gate = Gate(Parser(environments, run_driver, {}), AirflowMigration(run_process, os.environ))
    found = check_project(read_bundle(ROOT), environment, gate)
    assert found.findings == ()
    assert found.parsing is not None
    assert sorted(dag.id for facts in found.parsing.files for dag in facts.dags) == shipped_dags()
