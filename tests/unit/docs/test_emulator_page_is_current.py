from pathlib import Path

import pytest

from mwaactl.emulator.parity.page import BEGIN, END, with_table

PAGE = Path(__file__).parents[3] / "docs" / "concepts" / "emulator.md"


def test_page_holds_the_present_table() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert with_table(page) == page, "run `make docs`"


def test_what_stands_around_the_table_is_kept() -> None:
    page = f"before\n{BEGIN}\nyesterday\n{END}\nafter\n"

    assert with_table(page).startswith("before\n")
    assert with_table(page).endswith("\nafter\n")
    assert "yesterday" not in with_table(page)


@pytest.mark.parametrize(("page", "lacking"), [("", BEGIN), (BEGIN, END)])
def test_page_without_a_marker_is_refused(page: str, lacking: str) -> None:
    with pytest.raises(ValueError, match="the page lacks") as caught:
        with_table(page)
    assert lacking in str(caught.value)
