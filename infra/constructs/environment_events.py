"""Rules for what happens to an environment: a change that failed, and every change of its status."""

from aws_cdk import Stack
from aws_cdk import aws_sns as sns
from aws_cdk.aws_events import CfnRule
from constructs import Construct

FAILED_STATUSES = (
    "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "DELETE_FAILED",
)
"""Statuses in which a stack says that a change failed: once when it turns back, again if that fails too."""

# A rule's name has 64 characters at most, an environment's 80.
_LONGEST_PREFIX = 64 - len("-failed-change")


class EnvironmentEvents(Construct):
    """Tells of failed changes at once, and of statuses as Amazon MWAA tells them.

    No metric of MWAA says that an update failed. CloudFormation, through which every update goes, sends its
    stacks' statuses durably; MWAA sends those of environments on a best effort, and documents nothing of what
    stands in them, so that rule takes those of all environments of account and region.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
    https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-airflow.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment_name: str,
        stack_name: str,
        page: sns.ITopic,
        warn: sns.ITopic,
    ) -> None:
        """Make the rules.

        Args:
            scope: Where they belong.
            construct_id: Their id there.
            environment_name: The MWAA environment.
            stack_name: The CloudFormation stack that it stands in, in the account and region of the rules.
            page: Told of a change that failed. Its policy has to let EventBridge publish.
            warn: Told of each new status. Its policy has to let EventBridge publish.
        """
        super().__init__(scope, construct_id)
        stack, short = Stack.of(self), environment_name[:_LONGEST_PREFIX]
        prefix = f"arn:aws:cloudformation:{stack.region}:{stack.account}:stack/{stack_name}/"
        CfnRule(
            self,
            "FailedChange",
            name=f"{short}-failed-change",
            description=f"A change of stack {stack_name} failed",
            event_pattern={
                "source": ["aws.cloudformation"],
                "detail-type": ["CloudFormation Stack Status Change"],
                "detail": {
                    "stack-id": [{"prefix": prefix}],
                    "status-details": {"status": [*FAILED_STATUSES]},
                },
            },
            targets=[CfnRule.TargetProperty(id="page", arn=page.topic_arn)],
        )
        CfnRule(
            self,
            "Status",
            name=f"{short}-status",
            description="An MWAA environment has a new status",
            event_pattern={"source": ["aws.airflow"], "detail-type": ["MWAA Environment Status Change"]},
            targets=[CfnRule.TargetProperty(id="warn", arn=warn.topic_arn)],
        )
