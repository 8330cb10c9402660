"""How long what accumulates is kept."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_logs import RetentionDays

LOGS = RetentionDays.THREE_MONTHS
"""Every log group: long enough to look into an incident, short enough to be cheap."""

ACCESS_LOGS = Duration.days(90)

HOLDS_DATA = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
"""Buckets, the key and the warehouse outlive their stack, unless the stack never came to be."""
