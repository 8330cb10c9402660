"""What is written for a pipeline's file is read there as it was."""

import pytest

from mwaactl.report.pipeline_yaml import pipeline_yaml
from typed_assets.yaml.documents import read_document

WORDS = ["1e3", "0o17", "0x1f", "012", "1_000", ".5", "1e400", ".nan", "NO", "on", "~", "null", "true",
         "1:30", "2013-01-01", "", "=", "<<", " a ", "a\nb", "é", "-", "*a", "{a}", "#", "1.0",
         "+1"]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_text_stays_text(word: str) -> None:
    value = {"allowed": [word], "more": {"name": word}}
    assert read_document(pipeline_yaml(value), "x.yaml").value == value


def test_numbers_and_truth_stay_what_they_are() -> None:
    value = {"a": [1, -2.5, 1e300, True, None], "b": {}}
    assert read_document(pipeline_yaml(value), "x.yaml").value == value
