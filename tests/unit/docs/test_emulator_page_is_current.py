from pathlib import Path

import pytest

from mwaactl.emulator.differences.page import BEGIN, END, SECTIONS, with_table

PAGE = Path(__file__).parents[3] / "docs" / "concepts" / "emulator.md"
ROWS = [row for rows in SECTIONS.values() for row in rows]


def test_page_holds_the_present_table() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert with_table(page) == page, "run `make docs`"


def test_no_subject_stands_twice() -> None:
    subjects = [row.subject for row in ROWS]

    assert sorted(set(subjects)) == sorted(subjects)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.subject)
def test_row_says_what_each_side_does_and_fits_into_a_table(row: object) -> None:
    subject, aws, emulator = (getattr(row, name) for name in ("subject", "aws", "emulator"))

    assert aws != emulator
    for text in (subject, aws, emulator):
        assert text.strip() == text != ""
        assert "|" not in text
        assert "\n" not in text
        assert not text.endswith(".")


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
