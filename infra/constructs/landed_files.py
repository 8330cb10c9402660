"""The queue that tells of every file that lands, for pipelines that wait for files instead of a clock."""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_events import CfnRule
from constructs import Construct

from infra.acknowledgements import acknowledge

_RULES = iam.ServicePrincipal("events.amazonaws.com")
MOST_TRIES = 5
UNSEEN = Duration.minutes(5)
_LONGEST_RULE = 64


class LandedFiles(Construct):
    """S3 tells EventBridge of new objects, and a rule brings those below some prefixes to a queue.

    What nobody could take in after five tries goes to a second queue, which keeps it for two weeks.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html

    Attributes:
        queue: Messages with EventBridge's events `Object Created`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        bucket: s3.Bucket,
        prefixes: Sequence[str],
        key: kms.IKey,
    ) -> None:
        """Make both queues and the rule, and switch the bucket's events on.

        Args:
            scope: Where they belong.
            construct_id: Their id there.
            name: Of the queue and of the rule.
            bucket: Whose objects are told of.
            prefixes: Below which, each with a slash at its end.
            key: Encrypts the messages. Its policy has to let EventBridge use it: see `key_statements` of
                `alarm_topics`.
        """
        super().__init__(scope, construct_id)
        failed = self._queue("Failed", f"{name}-failed", key, retention_period=Duration.days(14))
        acknowledge(failed, {"ControlTower::CT.SQS.PR.1": "It is the queue for what failed"})
        self.queue = self._queue(
            "Queue",
            name,
            key,
            visibility_timeout=UNSEEN,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=MOST_TRIES, queue=failed),
        )
        # The construct's own switch would have a function of its own change the bucket while deploying.
        cast(
            s3.CfnBucket, bucket.node.default_child
        ).notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )
        rule = self._rule(name, bucket, prefixes)
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="LandedFiles",
                principals=[_RULES],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )

    def _queue(self, construct_id: str, name: str, key: kms.IKey, **settings: object) -> sqs.Queue:
        return sqs.Queue(
            self,
            construct_id,
            queue_name=name,
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            **settings,  # type: ignore[arg-type]
        )

    def _rule(self, name: str, bucket: s3.Bucket, prefixes: Sequence[str]) -> CfnRule:
        return CfnRule(
            self,
            "Rule",
            name=name[:_LONGEST_RULE],
            description="A file has landed",
            event_pattern={
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {
                    "bucket": {"name": [bucket.bucket_name]},
                    "object": {"key": [{"prefix": each} for each in prefixes]},
                },
            },
            targets=[CfnRule.TargetProperty(id="queue", arn=self.queue.queue_arn)],
        )
