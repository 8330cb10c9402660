from pathlib import Path

from mwaactl.report.pipeline_page import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "pipeline-yaml.md"


def test_page_of_keys_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
