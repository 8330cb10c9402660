"""What differs in CloudFormation."""

from mwaactl.emulator.differences.difference import Difference

CLOUDFORMATION = (
    Difference(
        "resources that do not depend on one another",
        "are made at the same time",
        "are made one after another",
    ),
    Difference(
        "properties of types that moto models and the emulator does not",
        "take effect or are refused",
        "take effect as far as moto knows them, and are passed over otherwise",
    ),
    Difference(
        "a bucket of a template that exists already",
        "fails the stack",
        "is taken over in us-east-1, where CreateBucket accepts one's own bucket",
    ),
    Difference("capabilities (CAPABILITY_IAM)", "must be given for roles", "are kept and not demanded"),
    Difference(
        "the role that a stack is deployed with",
        "limits what the stack may do",
        "is kept: the emulator acts for itself",
    ),
    Difference(
        "bootstrap of the CDK",
        "is done once per account and region with `cdk bootstrap`",
        "is there for the account and region of the emulator",
    ),
)
"""The rows about CloudFormation."""
