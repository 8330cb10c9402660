"""The Python that a pipeline is equal to; tests/airflow/inside/pipeline_cases.py shows that it is."""

import ast
import os
from pathlib import Path

import pytest

from mwaactl.catalog.operator_arguments import CatalogueOperators
from mwaactl.project.formatted_python import formatted
from mwaactl.project.requirements.process import run_process
from mwaactl.report.pipeline_python import pipeline_python
from tests.fakes.pipeline_files import folder_of
from typed_assets.yaml.reading import Reader

RENDERED = Path(__file__).parents[2] / "airflow" / "inside" / "rendered"


def rendered(name: str) -> str:
    text = (RENDERED / f"{name}.yaml").read_text(encoding="utf-8")
    folder = folder_of({f"pipelines/{name}.yaml": text, "sql/load.sql": "select 1"})
    reading = Reader(folder, "pipelines", CatalogueOperators("3.3.1")).read(f"pipelines/{name}.yaml")
    assert reading.mistakes == ()
    return formatted(pipeline_python(reading.pipelines, "3.3.1"), run_process, os.environ)


@pytest.mark.parametrize("name", sorted(path.stem for path in RENDERED.glob("*.yaml")))
def test_a_pipeline_is_rendered_as_it_is_kept(name: str) -> None:
    kept = RENDERED / f"{name}.txt"
    text = rendered(name)
    if os.environ.get("MWAACTL_WRITE_PAGES"):
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


def test_steps_alone_need_nothing_but_airflow() -> None:
    assert "typed_assets" not in rendered("nightly_sales")


@pytest.mark.parametrize("name", sorted(path.stem for path in RENDERED.glob("*.yaml")))
def test_airflow_does_not_pass_over_the_file(name: str) -> None:
    # airflow.utils.file.might_contain_dag, which `core.dag_discovery_safe_mode` has for every file
    assert all(word in rendered(name).lower() for word in ("airflow", "dag"))


def test_no_variable_hides_what_a_later_pipeline_imports() -> None:
    step = "steps: [{id: '${{ a }}', operator: airflow.providers.standard.operators.empty.EmptyOperator}]"
    text = f"id: x_${{{{ a }}}}\nmatrix: {{a: [DAG, EmptyOperator]}}\n{step}\n"
    reading = Reader(folder_of({"pipelines/x.yaml": text}), "pipelines", CatalogueOperators("3.3.1")).read(
        "pipelines/x.yaml"
    )
    tree = ast.parse(pipeline_python(reading.pipelines, "3.3.1"))
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    imported = {each.asname or each.name for node in imports for each in node.names}
    stored = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.ctx.__class__ is ast.Store
    }
    assert stored == {"DAG", "EmptyOperator"}
    assert not imported & stored
