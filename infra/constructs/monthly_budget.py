"""What may be spent in a month."""

from collections.abc import Sequence

from aws_cdk import aws_sns as sns
from aws_cdk.aws_budgets import CfnBudget
from constructs import Construct

_PERCENT = 100


class MonthlyBudget(Construct):
    """A budget that warns when it is spent, and when it is forecast to be.

    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        monthly_usd: float,
        topic: sns.ITopic,
        emails: Sequence[str] = (),
        tag: tuple[str, str] | None = None,
    ) -> None:
        """Make the budget.

        Args:
            scope: Where it belongs.
            construct_id: Its id there.
            name: Its name, one of its kind in the account.
            monthly_usd: Dollars in a month.
            topic: Told in both cases. Its policy, and its key's, have to let Budgets publish.
            emails: Addresses that are told as well, ten at most. None by default.
            tag: Only costs of what carries this tag count; it has to be activated for cost allocation once,
                https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
                By default all costs of the account count.
        """
        super().__init__(scope, construct_id)
        subscribers = [
            CfnBudget.SubscriberProperty(subscription_type="SNS", address=topic.topic_arn),
            *(
                CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=email)
                for email in dict.fromkeys(emails)
            ),
        ]
        CfnBudget(
            self,
            "Budget",
            budget=CfnBudget.BudgetDataProperty(
                budget_name=name,
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=CfnBudget.SpendProperty(amount=monthly_usd, unit="USD"),
                cost_filters={"TagKeyValue": [f"user:{tag[0]}${tag[1]}"]} if tag else None,
            ),
            notifications_with_subscribers=[
                CfnBudget.NotificationWithSubscribersProperty(
                    notification=CfnBudget.NotificationProperty(
                        notification_type=kind,
                        comparison_operator="GREATER_THAN",
                        threshold=_PERCENT,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=subscribers,
                )
                for kind in ("ACTUAL", "FORECASTED")
            ],
        )
