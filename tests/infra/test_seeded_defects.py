"""Every seeded defect is found, and nothing is found in what is shipped."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mwaactl.template_rules.run import ALL_RULES
from mwaactl.template_rules.templates import Template
from tests.infra.mutations import defects, shipped
from tests.infra.seeded_defects_table import cell, new_breaches, page, table
from tests.infra.templates import SynthesisedEnvironment

DEFECTS = defects()
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "seeded-defects.md"
# What the rules about MWAA leave to the scanners: docs/reference/seeded-defects.md shows who finds it.
LEFT_TO_OTHERS = {
    "Property that does not exist",
    "Log group without the key",
    "Key that is not rotated",
    "Access to buckets not written down",
    "Bucket that takes plain HTTP",
}


@pytest.fixture(scope="module")
def bases(
    dev: SynthesisedEnvironment, without_nat: SynthesisedEnvironment
) -> Mapping[str, Sequence[Template]]:
    return {
        "dev": shipped(dev.outdir, dev.config.region),
        "without_nat": shipped(without_nat.outdir, without_nat.config.region),
    }


def test_there_are_enough_of_them_and_each_has_a_name() -> None:
    assert len(DEFECTS) >= 40
    assert len({each.name for each in DEFECTS}) == len(DEFECTS)
    assert sum(each.known for each in DEFECTS) == 17


def test_own_rules_find_each_but_what_is_left_to_others(bases: Mapping[str, Sequence[Template]]) -> None:
    missed = {each.name for each in DEFECTS if not new_breaches(bases[each.configuration], each)}

    assert missed == LEFT_TO_OTHERS


def test_each_rule_finds_a_defect(bases: Mapping[str, Sequence[Template]]) -> None:
    found = {rule for each in DEFECTS for rule in new_breaches(bases[each.configuration], each)}

    assert found == {rule.id for rule in ALL_RULES}


def rows_of_page() -> dict[str, list[str]]:
    """Defect to the cells of the tools."""
    table_of_defects = PAGE.read_text(encoding="utf-8").partition("| defect |")[2]
    rows = [line.strip("|").split(" | ") for line in table_of_defects.splitlines()[2:] if line]
    return {row[0].strip().removesuffix(" \\*"): [each.strip() for each in row[1:]] for row in rows}


def test_page_shows_that_each_is_found(bases: Mapping[str, Sequence[Template]]) -> None:
    rows = rows_of_page()

    assert list(rows) == [each.name for each in DEFECTS]
    for each in DEFECTS:
        assert any(rows[each.name]), f"nobody finds: {each.name}"
        assert rows[each.name][0] == cell(sorted(new_breaches(bases[each.configuration], each)))


@pytest.mark.whole
def test_page_shows_what_every_tool_finds_now() -> None:
    wanted = page(table())

    assert PAGE.read_text(encoding="utf-8") == wanted, "run `python -m tests.infra.seeded_defects_table`"
