"""Where alarms, event rules and budgets speak: one topic that wakes somebody, one that waits."""

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

_ALARMS = "cloudwatch.amazonaws.com"
_RULES = "events.amazonaws.com"
_BUDGETS = "budgets.amazonaws.com"


class AlarmTopics(Construct):
    """Two encrypted topics that take messages over TLS only.

    The key has to be a customer's: services of AWS may not use the key `alias/aws/sns`, so an alarm's message
    to a topic with that one is lost in silence,
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html

    Attributes:
        page: For what cannot wait.
        warn: For what can wait until the morning.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key: kms.IKey,
        page_emails: Sequence[str] = (),
        warn_emails: Sequence[str] = (),
    ) -> None:
        """Make the topics, and let CloudWatch, EventBridge and Budgets use their key.

        Args:
            scope: Where they belong.
            construct_id: Their id there.
            name: What the topics' names begin with, for example `flights-prod`.
            key: Encrypts the messages. Its policy gets three statements; that of a key which was imported by
                its ARN does not change, and has to have them: see `key_statements`.
            page_emails: Addresses that hear of what cannot wait; each has to confirm once. None by default.
            warn_emails: Addresses that hear of the rest. None by default.
        """
        super().__init__(scope, construct_id)
        for statement in key_statements():
            key.add_to_resource_policy(statement)
        self.page = self._topic("Page", f"{name}-page", key, page_emails)
        self.warn = self._topic("Warn", f"{name}-warn", key, warn_emails)

    def _topic(self, construct_id: str, name: str, key: kms.IKey, emails: Sequence[str]) -> sns.Topic:
        topic = sns.Topic(self, construct_id, topic_name=name, master_key=key, enforce_ssl=True)
        for statement in _statements(["sns:Publish"], topic.topic_arn):
            topic.add_to_resource_policy(statement)
        for email in dict.fromkeys(emails):
            sns.Subscription(
                self,
                f"{construct_id}-{email}",
                topic=topic,
                endpoint=email,
                protocol=sns.SubscriptionProtocol.EMAIL,
            )
        return topic


def key_statements() -> list[iam.PolicyStatement]:
    """What a key's policy needs so that messages to a topic with this key arrive."""
    return _statements(["kms:Decrypt", "kms:GenerateDataKey*"], "*")


def _statements(actions: Sequence[str], resource: str) -> list[iam.PolicyStatement]:
    """One statement per service; EventBridge sends no account with its calls, so it has no condition.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
    """
    ours = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
    return [
        iam.PolicyStatement(
            sid=sid,
            principals=[iam.ServicePrincipal(service)],
            actions=[*actions],
            resources=[resource],
            conditions=conditions,
        )
        for sid, service, conditions in (
            ("Alarms", _ALARMS, ours),
            ("EventRules", _RULES, {}),
            ("Budgets", _BUDGETS, ours),
        )
    ]
