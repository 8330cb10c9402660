"""AWS::Budgets::Budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType, picked
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_SAME = ("BudgetType", "CostFilters", "CostTypes", "TimePeriod", "TimeUnit")


class Budget(ResourceType):
    """A budget, kept as Budgets keeps it; nothing costs anything here, so it never speaks."""

    type_name = "AWS::Budgets::Budget"
    properties = frozenset({"Budget", "NotificationsWithSubscribers"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the budget with its notifications."""
        name = properties["Budget"].get("BudgetName") or context.generated_name(100)
        context.client("budgets").create_budget(**_request(context, name, properties))
        return Physical(name)

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Put the new budget in the place of the old; moto has no UpdateBudget."""
        self.delete(context, physical, old)
        return self.create(context, new)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the budget."""
        with gone_is_fine("NotFoundException"):
            context.client("budgets").delete_budget(
                AccountId=context.account_id, BudgetName=physical.physical_id
            )


def _request(context: ResourceContext, name: str, properties: Properties) -> dict[str, Any]:
    budget = {"BudgetName": name, **picked(properties["Budget"], *_SAME)}
    if limit := properties["Budget"].get("BudgetLimit"):
        budget["BudgetLimit"] = {**limit, "Amount": str(limit["Amount"])}
    notifications = [*properties.get("NotificationsWithSubscribers", ())]
    return {
        "AccountId": context.account_id,
        "Budget": budget,
        **({"NotificationsWithSubscribers": notifications} if notifications else {}),
    }
