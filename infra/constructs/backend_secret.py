"""A secret that Airflow looks up as a connection or a variable, rotated if there is something that can."""

from dataclasses import dataclass

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.retention import HOLDS_DATA


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a secret is changed by itself.

    Attributes:
        function_arn: ARN of the Lambda function that changes it, in four steps:
            https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
            Its own policy must let `secretsmanager.amazonaws.com` invoke it.
        days: Days between two changes.
    """

    function_arn: str
    days: int = 30


class BackendSecret(Construct):
    """A secret under the environment's key, without a value: whoever knows the value puts it there.

    Templates are no place for a value. Airflow finds the secret by its name, which begins with a prefix of
    the configuration: https://docs.aws.amazon.com/mwaa/latest/userguide/connections-secrets-manager.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key_arn: str,
        rotation: Rotation | None = None,
    ) -> None:
        """Make the secret, and its rotation.

        Args:
            scope: Where the construct belongs.
            construct_id: Its id there.
            name: Its name, for example `airflow/connections/lake`.
            key_arn: ARN of the key that encrypts it.
            rotation: How it is changed by itself; None leaves that to people.
        """
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.CfnSecret(self, "Secret", name=name, kms_key_id=key_arn)
        self.secret.apply_removal_policy(HOLDS_DATA)
        if rotation is None:
            acknowledge(
                self.secret, {"AwsSolutions-SMG4": "What the secret opens has no rotation of its own"}
            )
            return
        secretsmanager.CfnRotationSchedule(
            self,
            "Rotation",
            secret_id=self.secret.ref,
            rotation_lambda_arn=rotation.function_arn,
            rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
                automatically_after_days=rotation.days
            ),
        )
