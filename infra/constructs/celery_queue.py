"""The queue through which an MWAA environment hands tasks to its workers, as a CloudFormation parameter."""

import json

from aws_cdk import CfnCondition, CfnParameter, Fn
from constructs import Construct

PARAMETER = "CeleryQueueArn"
CONDITION = f"Has{PARAMETER}"
_ARN = r"|arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:airflow-celery-[A-Za-z0-9_-]+"


class CeleryQueue(Construct):
    """The one queue of an environment once its name is known; until then every queue that may be it.

    The queue stands in an account of MWAA's own and gets its name at creation, so that the policy which MWAA
    documents allows the queues of every account whose name begins alike, also those of a stranger:
    https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html

    `mwaactl harden` reads the queue from GetEnvironment and gives it to the parameter; `cdk deploy` keeps it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, region: str) -> None:
        super().__init__(scope, construct_id)
        parameter = CfnParameter(
            self,
            "Arn",
            type="String",
            default="",
            allowed_pattern=_ARN,
            constraint_description="must be the ARN of the environment's Celery queue, or empty",
            description="The environment's Celery queue; empty allows the queues of every account",
        )
        parameter.override_logical_id(PARAMETER)
        known = CfnCondition(
            self, "Known", expression=Fn.condition_not(Fn.condition_equals(parameter.value_as_string, ""))
        )
        known.override_logical_id(CONDITION)
        self.arn = Fn.condition_if(
            known.logical_id, parameter.value_as_string, self.any_account(region)
        ).to_string()

    @staticmethod
    def choice(region: str) -> str:
        """The template's choice between the two as JSON, as findings about it name it."""
        choice = {"Fn::If": [CONDITION, {"Ref": PARAMETER}, CeleryQueue.any_account(region)]}
        return json.dumps(choice, separators=(",", ":"))

    @staticmethod
    def any_account(region: str) -> str:
        """Pattern for every Celery queue in a region, whosoever it is."""
        return f"arn:aws:sqs:{region}:*:airflow-celery-*"
