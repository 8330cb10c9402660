"""What an editor is told of pipelines' files: what reading them finds, as far as a schema can say it."""

from importlib import import_module
from typing import Any

import pytest

from mwaactl.report.pipeline_schema import pipeline_schema
from tests.airflow.inside.ten_mistakes import GOOD, MISTAKES
from tests.unit.report.test_pipelines_become_python import RENDERED
from typed_assets.yaml.documents import read_document

# cfn-lint brings it; it has no types.
jsonschema: Any = import_module("jsonschema")
# What needs more than one look at the file: other steps, other files, other columns.
BEYOND = {"missing_upstream", "cycle", "duplicate_id", "bad_cron", "bad_reference", "misspelt_column"}


@pytest.fixture(scope="module", params=["3.3.1", "3.2.1", "3.0.6"])
def validator(request: pytest.FixtureRequest) -> Any:
    return jsonschema.Draft202012Validator(pipeline_schema(request.param))


def faults(validator: Any, text: str) -> list[str]:
    return [error.message for error in validator.iter_errors(read_document(text, "a.yaml").value)]


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(pipeline_schema("3.3.1"))


def test_what_is_right_fits_the_schema(validator: Any) -> None:
    texts = [GOOD, *(path.read_text(encoding="utf-8") for path in sorted(RENDERED.glob("*.yaml")))]
    assert [faults(validator, text) for text in texts] == [[]] * len(texts)


@pytest.mark.parametrize("name", sorted(MISTAKES.keys() - BEYOND))
def test_what_is_not_right_does_not_fit(validator: Any, name: str) -> None:
    assert faults(validator, MISTAKES[name][0])


def test_an_argument_has_its_description_and_a_shared_one_stands_once() -> None:
    schema = pipeline_schema("3.3.1")
    name = "airflow.providers.amazon.aws.operators.redshift_data.RedshiftDataOperator"
    properties = schema["$defs"]["operators"][name]["properties"]
    assert properties["database"]["description"] == "the name of the database"
    assert properties["retries"] == {"$ref": "#/$defs/BaseOperator/properties/retries"}
