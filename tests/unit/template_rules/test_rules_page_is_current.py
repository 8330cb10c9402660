from pathlib import Path

from mwaactl.template_rules.page import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "infrastructure-rules.md"


def test_page_lists_the_rules_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
