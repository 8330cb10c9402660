"""The rules as cfn-lint loads them by the module's name."""

from cfnlint.core import get_rules
from cfnlint.rules import CloudFormationLintRule
from cfnlint.template import Template as LintedTemplate

from mwaactl.template_rules.run import ALL_RULES

MODULE = "mwaactl.template_rules.cfn_lint"


def own_rules(level: str) -> dict[str, CloudFormationLintRule]:
    loaded = get_rules([MODULE], [], [level])
    return {rule.id: rule for rule in loaded if "mwaa" in rule.tags}


def test_each_rule_is_loaded_under_its_number() -> None:
    expected = {f"{'E' if each.level == 'error' else 'W'}9{500 + int(each.id[2:])}" for each in ALL_RULES}

    assert set(own_rules("E")) | set(own_rules("W")) >= expected


def test_finding_names_the_place_and_the_remedy() -> None:
    properties = {"Name": "orders", "EnvironmentClass": "mw1.huge"}
    template = {"Resources": {"Airflow": {"Type": "AWS::MWAA::Environment", "Properties": properties}}}
    rule = own_rules("E")["E9505"]

    (match,) = rule.match(LintedTemplate("orders.yaml", template, ["eu-west-1"]))

    assert match.path == ["Resources", "Airflow", "Properties", "EnvironmentClass"]
    assert match.message == (
        "there is no class mw1.huge; did you mean `mw1.large`? "
        "(MW005: take a class of the list, for example mw1.small)"
    )


def test_running_version_is_configured() -> None:
    properties = {"Name": "orders", "AirflowVersion": "3.3.1"}
    template = {"Resources": {"Airflow": {"Type": "AWS::MWAA::Environment", "Properties": properties}}}
    linted = LintedTemplate("orders.yaml", template, ["eu-west-1"])
    rule = own_rules("E")["E9503"]

    assert rule.match(linted) == []
    rule.configure({"current_version": "2.10.3"})
    assert len(rule.match(linted)) == 1
