"""AWS::CloudWatch::Dashboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from moto.cloudwatch.models import cloudwatch_backends

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine
from mwaactl.emulator.cloudformation.types.put_type import PutType

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties


class Dashboard(PutType):
    """A dashboard, kept as CloudWatch keeps it; nothing draws it here."""

    type_name = "AWS::CloudWatch::Dashboard"
    properties = frozenset({"DashboardBody", "DashboardName", "Tags"})
    replaced_by = frozenset({"DashboardName"})
    tag_style = "list"
    name_property = "DashboardName"

    def refuse_existing(self, context: ResourceContext, name: str, properties: Properties) -> None:  # noqa: ARG002
        """Refuse the name of a dashboard that is there."""
        entries = context.client("cloudwatch").list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]
        if any(each["DashboardName"] == name for each in entries):
            message = f"{name} already exists"
            raise ResourceFailure(message)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the dashboard."""
        with gone_is_fine("ResourceNotFound", "ResourceNotFoundException"):
            context.client("cloudwatch").delete_dashboards(DashboardNames=[physical.physical_id])
        self._tag(context, physical.physical_id, {})

    def put(self, context: ResourceContext, name: str, properties: Properties) -> Physical:
        """Put the dashboard."""
        body = properties["DashboardBody"]
        try:
            widgets = json.loads(body)["widgets"]
        except (ValueError, TypeError, KeyError) as error:
            message = "The dashboard body is invalid: it has to be JSON with widgets"
            raise ResourceFailure(message) from error
        if not isinstance(widgets, list):
            message = "The dashboard body is invalid: widgets have to be a list"
            raise ResourceFailure(message)
        context.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)
        self._tag(context, name, properties)
        return Physical(name)

    def _tag(self, context: ResourceContext, name: str, properties: Properties) -> None:
        """Put the tags in the place of others; moto's TagResource takes alarms only."""
        tagger = cloudwatch_backends[context.account_id][context.region].tagger
        arn = f"arn:aws:cloudwatch::{context.account_id}:dashboard/{name}"
        tagger.delete_all_tags_for_resource(arn)
        if tags := tags_as_list(properties.get("Tags")):
            tagger.tag_resource(arn, tags)
