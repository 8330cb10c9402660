"""CloudWatch Logs: streams of a group and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.aws.failures import mapped
from mwaactl.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import GetLogEventsRequestTypeDef, GetLogEventsResponseTypeDef


@dataclass(frozen=True, slots=True)
class LogStream:
    """A log stream.

    Attributes:
        created: Milliseconds since 1970, UTC.
    """

    name: str
    created: int


@dataclass(frozen=True, slots=True)
class LogGroups:
    """CloudWatch Logs in one account and region."""

    client: CloudWatchLogsClient

    def streams(self, group: str, prefix: str, *, since: datetime | None = None) -> tuple[LogStream, ...]:
        """Return the streams of a group that begin with `prefix`, oldest first; none if there is no group."""
        pages = self.client.get_paginator("describe_log_streams")
        earliest = int(since.timestamp() * 1000) if since else 0
        try:
            with mapped("logs", "DescribeLogStreams", group):
                found = [
                    LogStream(each["logStreamName"], each.get("creationTime", 0))
                    for page in pages.paginate(logGroupName=group, logStreamNamePrefix=prefix)
                    for each in page["logStreams"]
                ]
        except NotFound:
            return ()
        recent = (each for each in found if each.created >= earliest)
        return tuple(sorted(recent, key=lambda each: each.created))

    def lines(self, group: str, stream: str, *, last: int = 1000) -> tuple[str, ...]:
        """Return the last lines of a stream, oldest first; none if there is no such stream.

        A page may be empty while older pages hold events; only a token that comes again says that
        there are no more: docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
        """
        before: str | None = None
        try:
            while True:
                page = self._page(group, stream, last, before)
                token = page.get("nextBackwardToken")
                if page["events"] or token in (None, before):
                    return tuple(line for event in page["events"] for line in event["message"].splitlines())
                before = token
        except NotFound:
            return ()

    def _page(self, group: str, stream: str, last: int, before: str | None) -> GetLogEventsResponseTypeDef:
        request: GetLogEventsRequestTypeDef = {
            "logGroupName": group,
            "logStreamName": stream,
            "limit": last,
            "startFromHead": False,
        }
        if before is not None:
            request["nextToken"] = before
        with mapped("logs", "GetLogEvents", f"{group}:{stream}"):
            return self.client.get_log_events(**request)
