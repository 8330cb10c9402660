"""Every seeded defect is found, and nothing is found in what is shipped."""

from collections.abc import Mapping, Sequence

import pytest

from mwaactl.template_rules.run import ALL_RULES, breaches
from mwaactl.template_rules.templates import Template
from tests.infra.mutations import Defect, defects, mutated, shipped
from tests.infra.templates import SynthesisedEnvironment

DEFECTS = defects()
# What the rules about MWAA leave to the scanners: docs/reference/seeded-defects.md shows who finds it.
LEFT_TO_OTHERS = {
    "Property that does not exist",
    "Log group without the key",
    "Key that is not rotated",
    "Access to buckets not written down",
    "Warehouse that the internet reaches",
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


def found_newly(base: Sequence[Template], defect: Defect) -> set[str]:
    """Rules that say something which they do not say about the shipped templates."""
    current = {"flights-dev": defect.current_version} if defect.current_version else {}
    before = {(each.rule.id, each.resource.place, each.message) for each in breaches(base)}
    return {
        each.rule.id
        for each in breaches(mutated(base, defect), current)
        if (each.rule.id, each.resource.place, each.message) not in before
    }


def test_there_are_enough_of_them_and_each_has_a_name() -> None:
    assert len(DEFECTS) >= 40
    assert len({each.name for each in DEFECTS}) == len(DEFECTS)
    assert sum(each.known for each in DEFECTS) == 17


def test_own_rules_find_each_but_what_is_left_to_others(bases: Mapping[str, Sequence[Template]]) -> None:
    missed = {each.name for each in DEFECTS if not found_newly(bases[each.configuration], each)}

    assert missed == LEFT_TO_OTHERS


def test_each_rule_finds_a_defect(bases: Mapping[str, Sequence[Template]]) -> None:
    found = {rule for each in DEFECTS for rule in found_newly(bases[each.configuration], each)}

    assert found == {rule.id for rule in ALL_RULES}
