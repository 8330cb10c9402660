"""The page of supported SQL is made from the corpus."""

from __future__ import annotations

from tests.emulator.warehouse.reference import CASES, PAGE, page


def test_the_page_is_what_the_corpus_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.emulator.warehouse.reference"


def test_the_corpus_holds_at_least_three_hundred_statements() -> None:
    lines = [line for path in CASES.glob("*.sql") for line in path.read_text(encoding="utf-8").splitlines()]
    assert sum(line.endswith(";") and not line.startswith("--") for line in lines) >= 300
