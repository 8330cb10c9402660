"""Rules about the warehouse that is deployed with an environment."""

from collections.abc import Iterator

from mwaactl.template_rules.rule import Found, Subject, TemplateRule
from mwaactl.template_rules.values import switch


def _private(subject: Subject) -> Iterator[Found]:
    for workgroup in subject.templates.of_type("AWS::RedshiftServerless::Workgroup"):
        if switch(workgroup.properties.get("PubliclyAccessible")):
            name = workgroup.logical_id
            yield ("PubliclyAccessible",), f"the internet reaches the warehouse {name}", workgroup


WAREHOUSE_RULES = (
    TemplateRule(
        "MW054",
        "error",
        "The internet does not reach the warehouse",
        "set PubliclyAccessible to false: DAGs reach it through the Redshift Data API",
        "https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-security.html",
        _private,
    ),
)
