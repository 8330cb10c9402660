"""Pipelines in YAML, loaded by Airflow's own DagBag."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

MISTAKEN: Any = import_module("ten_mistakes")  # beside the script that runs pytest here
GOOD, MISTAKES, sentence = MISTAKEN.GOOD, MISTAKEN.MISTAKES, MISTAKEN.sentence

LOADER = (
    "from airflow.sdk import DAG\nfrom typed_assets.loading import load_pipelines\n\n"
    'load_pipelines(globals(), "{folder}"{more})\n'
)
REPORTER = (
    "from airflow.sdk import DAG\nfrom typed_assets.loading import report_mistakes\n\n"
    'report_mistakes(globals(), "pipelines")\n'
)
# What the task runner sets before it parses; Airflow's context manager leaves it behind.
CONTEXT = "_AIRFLOW_PARSING_CONTEXT_DAG_ID"
REPORTED = ', mistakes_in="pipelines_mistakes.py"'


def bag(folder: Path, version: tuple[int, int]) -> Any:
    """Parse the DAG files of a folder as the dag processor does."""
    module = "airflow.models.dagbag" if version < (3, 2) else "airflow.dag_processing.dagbag"
    options: dict[str, Any] = {"bundle_path": folder}
    options |= {} if version < (3, 2) else {"bundle_name": "tests"}
    options |= {"include_examples": False} if version < (3, 3) else {}
    return import_module(module).DagBag(folder, **options)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def errors(found: Any) -> dict[str, str]:
    """Return the import errors by the name of the file: versions differ in whether the path is whole."""
    return {Path(path).name: text for path, text in found.import_errors.items()}


@pytest.fixture
def beside_good(tmp_path: Path) -> Path:
    """A folder of one pipeline that is right and ten that are not."""
    broken = {f"pipelines/{name}.yaml": text for name, (text, _) in MISTAKES.items()}
    loader = LOADER.format(folder="pipelines", more=REPORTED)
    files = {"pipelines.py": loader, "pipelines_mistakes.py": REPORTER, "sql/load.sql": "select 1"}
    write(tmp_path, {**files, "pipelines/good.yaml": GOOD, **broken})
    return tmp_path


def test_ten_mistakes_are_reported_with_file_and_line_and_the_good_pipeline_stays(
    beside_good: Path, airflow_version: tuple[int, int]
) -> None:
    found = bag(beside_good, airflow_version)
    assert list(found.dags) == ["good"]
    assert list(errors(found)) == ["pipelines_mistakes.py"]
    said = errors(found)["pipelines_mistakes.py"].strip().splitlines()[-10:]
    assert said == [sentence(name, f"pipelines/{name}.yaml") for name in sorted(MISTAKES)]


def test_mended_files_leave_no_import_error(beside_good: Path, airflow_version: tuple[int, int]) -> None:
    for name in MISTAKES:
        (beside_good / "pipelines" / f"{name}.yaml").unlink()
    found = bag(beside_good, airflow_version)
    assert found.import_errors == {}
    # Before 3.2, Airflow forgets an import error only of a file that has a DAG.
    assert sorted(found.dags) == (
        ["good", "pipelines_without_mistakes"] if airflow_version < (3, 2) else ["good"]
    )


def test_a_loader_for_each_folder_gives_an_import_error_for_each(
    tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    for name, (text, _) in MISTAKES.items():
        loader = LOADER.format(folder=name, more="")
        write(tmp_path, {f"{name}.py": loader, f"{name}/{name}.yaml": text, f"{name}/good.yaml": GOOD})
    write(tmp_path, {"sql/load.sql": "select 1"})
    found = errors(bag(tmp_path, airflow_version))
    assert sorted(found) == sorted(f"{name}.py" for name in MISTAKES)
    for name in MISTAKES:
        assert found[f"{name}.py"].strip().splitlines()[-1] == sentence(name, f"{name}/{name}.yaml")


def test_a_task_start_makes_its_own_dag_only_and_minds_no_other_file(
    beside_good: Path, airflow_version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = GOOD.replace("description", "id: m_${{ n }}\nmatrix: {n: [one, two]}\ndescription")
    write(beside_good, {"pipelines/matrix.yaml": matrix})
    for dag_id in ("good", "m_two"):
        monkeypatch.setenv(CONTEXT, dag_id)
        found = bag(beside_good, airflow_version)
        assert dag_id in found.dags
        assert not {"good", "m_one", "m_two"} & (found.dags.keys() - {dag_id})


def test_a_dag_whose_own_file_is_broken_says_so_at_the_task_start(
    beside_good: Path, airflow_version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONTEXT, "bad_cron")
    found = errors(bag(beside_good, airflow_version))
    assert sentence("bad_cron", "pipelines/bad_cron.yaml") in found["pipelines.py"]


def test_what_only_airflow_refuses_is_reported_with_the_file(
    tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    text = GOOD.replace("sql: {$ref: ../sql/load.sql}", "sql: a, pool_slots: 0")
    write(tmp_path, {"pipelines.py": LOADER.format(folder="pipelines", more=""), "pipelines/x.yaml": text})
    said = errors(bag(tmp_path, airflow_version))["pipelines.py"]
    assert "pipelines/x.yaml:" in said
    assert "pool slots" in said


def refused_beside_good(folder: Path) -> None:
    """Write a pipeline whose second operator Airflow refuses, beside one that is right."""
    text = GOOD.replace(", after: [load]}", ", after: [load], arguments: {pool_slots: 0}}")
    text = text.replace("sql: {$ref: ../sql/load.sql}", "sql: a")
    good = GOOD.replace("sql: {$ref: ../sql/load.sql}", "sql: a")
    loader = LOADER.format(folder="pipelines", more=REPORTED)
    write(folder, {"pipelines.py": loader, "pipelines_mistakes.py": REPORTER})
    write(folder, {"pipelines/good.yaml": good, "pipelines/x.yaml": text})


def test_what_only_airflow_refuses_takes_no_other_pipeline_with_it(
    tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    refused_beside_good(tmp_path)
    found = bag(tmp_path, airflow_version)
    assert list(found.dags) == ["good"]
    assert list(errors(found)) == ["pipelines_mistakes.py"]


def test_what_airflow_refuses_is_reported_by_the_second_file_read_by_itself(
    tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    refused_beside_good(tmp_path)
    (tmp_path / "pipelines.py").write_text("from airflow.sdk import DAG\n")
    found = bag(tmp_path, airflow_version)
    assert list(found.dags) == []
    said = errors(found)["pipelines_mistakes.py"].strip().splitlines()[-1]
    assert said.startswith("pipelines/x.yaml:8 `steps[1]`: Airflow refuses it: ")
    assert "pool slots" in said


def test_the_second_file_gives_airflow_no_pipeline(tmp_path: Path, airflow_version: tuple[int, int]) -> None:
    refused_beside_good(tmp_path)
    (tmp_path / "pipelines.py").write_text("from airflow.sdk import DAG\n")
    (tmp_path / "pipelines" / "x.yaml").unlink()
    found = bag(tmp_path, airflow_version)
    assert found.import_errors == {}
    assert list(found.dags) == (["pipelines_without_mistakes"] if airflow_version < (3, 2) else [])


PARTITIONED = """\
schedule: {missing: "@daily"}
steps:
  - make: lib:make
    asset: {name: lake.days, uri: "s3://lake/days/", partitions: {daily: {start: "2024-01-01"}}}
"""


def test_the_dag_that_starts_partitions_is_loaded_once_and_by_the_first_file_alone(
    tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    loader = LOADER.format(folder="pipelines", more=REPORTED)
    write(tmp_path, {"pipelines.py": loader, "pipelines_mistakes.py": REPORTER})
    write(tmp_path, {"pipelines/days.yaml": PARTITIONED})
    found = bag(tmp_path, airflow_version)
    assert found.import_errors == {}
    files = {dag_id: Path(dag.fileloc).name for dag_id, dag in found.dags.items()}
    files.pop("pipelines_without_mistakes", None)
    assert files == {"days": "pipelines.py", "days__partitions": "pipelines.py"}


RENDERED = Path(__file__).with_name("rendered")


def structure(dag: Any) -> Any:
    """Return all that Airflow keeps of a DAG, but where it was written."""
    module = import_module("airflow.serialization.serialized_objects")
    kind = getattr(module, "DagSerialization", None) or module.SerializedDAG
    text = json.dumps(kind.to_dict(dag), sort_keys=True, default=str)
    found = json.loads(text)
    for key in ("fileloc", "relative_fileloc", "_processor_dags_folder"):
        found["dag"].pop(key, None)
    return found


def pairs() -> Iterator[str]:
    yield from sorted(path.stem for path in RENDERED.glob("*.yaml"))


@pytest.mark.parametrize("name", pairs())
def test_the_python_that_render_prints_is_the_same_dag(
    name: str, tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    loader = LOADER.format(folder="pipelines", more="")
    yaml = (RENDERED / f"{name}.yaml").read_text(encoding="utf-8")
    write(
        tmp_path,
        {"yaml/loader.py": loader, f"yaml/pipelines/{name}.yaml": yaml, "yaml/sql/load.sql": "select 1"},
    )
    source = (RENDERED / f"{name}.txt").read_text(encoding="utf-8")
    if airflow_version < (3, 2):  # the timetables have moved into the SDK since
        source = source.replace(", CronTriggerTimetable", "")
        source = source.replace(
            "\n\nwith", "\nfrom airflow.timetables.trigger import CronTriggerTimetable\n\nwith", 1
        )
    write(tmp_path, {f"python/{name}.py": source, "python/sql/load.sql": "select 1"})
    first, second = (bag(tmp_path / folder, airflow_version) for folder in ("yaml", "python"))
    assert (first.import_errors, second.import_errors) == ({}, {})
    assert first.dags.keys() == second.dags.keys()
    for dag_id, dag in first.dags.items():
        assert structure(dag) == structure(second.dags[dag_id])
