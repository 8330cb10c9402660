import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from mwaactl.config.json_schema import schema_text

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads(schema_text())


def test_the_schema_in_the_reference_is_what_the_models_say() -> None:
    written = (ROOT / "docs/reference/mwaactl.schema.json").read_text(encoding="utf-8")
    remedy = "run `python -m mwaactl.config.json_schema docs/reference/mwaactl.schema.json`"
    assert written == schema_text(), remedy


def test_the_project_s_own_file_satisfies_the_schema(schema: Any) -> None:
    content = tomllib.loads((ROOT / "mwaactl.toml").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(content)) == []


@pytest.mark.parametrize(
    "line",
    ['airflow_vesion = "3.3.1"', 'airflow_version = "3.3.2"', 'account = "1"', "network = { nat = 1 }"],
)
def test_an_editor_would_mark_what_is_wrong(schema: Any, line: str) -> None:
    content = tomllib.loads(f'project = "x"\n[environments.dev]\n{line}')
    assert [error.json_path for error in Draft202012Validator(schema).iter_errors(content)]


def test_the_file_points_editors_at_the_schema() -> None:
    first, *_ = (ROOT / "mwaactl.toml").read_text(encoding="utf-8").splitlines()
    assert first == "#:schema docs/reference/mwaactl.schema.json"
