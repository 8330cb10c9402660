"""The table of rules: stable ids, sentences, and AWS's page for each."""

from mwaactl.template_rules.run import ALL_RULES


def test_ids_are_numbered_without_a_gap() -> None:
    assert [rule.id for rule in ALL_RULES] == [f"MW{number:03}" for number in range(1, len(ALL_RULES) + 1)]


def test_each_rule_has_a_sentence_a_remedy_and_a_page_of_aws() -> None:
    for rule in ALL_RULES:
        assert not rule.sentence.endswith(".")
        assert not rule.hint.endswith(".")
        assert rule.hint[0].islower() or rule.hint.startswith(("WebserverAccessMode", "MWAA", "GRACEFUL")), (
            rule
        )
        assert rule.page.startswith("https://docs.aws.amazon.com/")
