"""The stack with the Lambda functions that DAGs invoke."""

from aws_cdk import Environment, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.arns import Arns
from infra.constructs.normalise_function import NormaliseFunction
from mwaactl.config.environment import EnvironmentConfig


class FunctionsStack(Stack):
    """The function that normalises landed files."""

    def __init__(self, scope: Construct, *, config: EnvironmentConfig, key: kms.IKey) -> None:
        names = config.names
        super().__init__(
            scope,
            names.functions_stack,
            env=Environment(account=config.account, region=config.region),
            description=f"Lambda functions of {names.prefix}",
        )
        NormaliseFunction(self, "Normalise", arns=Arns(names), key=key)
