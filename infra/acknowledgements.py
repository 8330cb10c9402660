"""How a finding of synthesis is accepted: on one construct, by its full id, with a reason."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings on one construct and what it contains.

    Args:
        construct: The narrowest construct that the findings are about.
        reasons: Id of the finding, for example `AwsSolutions-L1`, to why it is right as it is.
    """
    acknowledgments = [Acknowledgment(id=finding, reason=reason) for finding, reason in reasons.items()]
    Validations.of(construct).acknowledge(*acknowledgments)


def wildcard_reasons(reasons: Mapping[str, str]) -> dict[str, str]:
    """Spell out reasons for wildcards in a policy.

    Args:
        reasons: Action or resource with a wildcard, as it stands in the policy, to its reason; a function of
            CloudFormation by its JSON without spaces.

    Returns:
        The same reasons by the id that cdk-nag gives to each finding.
    """
    return {_wildcard_id(wildcard): reason for wildcard, reason in reasons.items()}


def _wildcard_id(wildcard: str) -> str:
    kind = "Resource" if wildcard == "*" or wildcard.startswith(("arn:", "{")) else "Action"
    return f"AwsSolutions-IAM5[{kind}::{wildcard}]"
