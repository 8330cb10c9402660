"""Requirements files that must never reach an environment: each is refused, with a sentence of its own."""

from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.requirements_rules import REQUIREMENTS_RULES
from mwaactl.project.checks.run import LOCAL_RULES
from tests.fakes.refused_requirements import CORPUS, Attack

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]


@pytest.mark.parametrize("attack", CORPUS.values(), ids=list(CORPUS))
def test_it_is_refused_with_a_sentence_of_its_own(bundle_of: MakeBundle, attack: Attack) -> None:
    bundle = bundle_of(attack.files)
    found = [each for rule in REQUIREMENTS_RULES for each in rule(bundle, airflow_version("3.3.1"))]
    errors = [each for each in found if each.severity == "error"]
    assert any(attack.says in each.message for each in errors if each.rule == attack.rule), errors
    assert all(each.hint and "\n" not in each.message for each in errors)


def test_the_rules_of_the_corpus_are_those_that_run_before_an_upload() -> None:
    assert set(REQUIREMENTS_RULES) <= set(LOCAL_RULES)


def test_every_rule_refuses_something_of_the_corpus() -> None:
    named = {rule.__name__.replace("_", "-") for rule in REQUIREMENTS_RULES}
    assert named == {attack.rule for attack in CORPUS.values()}
