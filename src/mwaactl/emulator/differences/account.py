"""What differs in the account itself: state, identity, permissions, network, metrics."""

from mwaactl.emulator.differences.difference import Difference

ACCOUNT = (
    Difference(
        "resources and their data",
        "last until they are deleted",
        "live in memory: `mwaactl emulator down` or a crash forgets them, `mwaactl deploy` builds them again",
    ),
    Difference(
        "permissions of users, roles and keys",
        "judge every call",
        "are kept and not judged: a missing permission shows on AWS only; but MWAA's sign-in and REST API do "
        "read the Airflow role from the caller's policies",
    ),
    Difference(
        "trust policies",
        "say who may assume a role",
        "are read for Redshift's roles only; tasks and functions get their role if it exists",
    ),
    Difference(
        "credentials that IAM does not know", "are refused", "belong to the account and may do everything"
    ),
    Difference(
        "GetCallerIdentity with the emulator's own credentials",
        "names a user or a role",
        "names `user/moto`",
    ),
    Difference(
        "VPC, subnets, security groups, gateways, endpoints",
        "decide what reaches what",
        "are kept as data: tasks and functions use this machine's network",
    ),
    Difference(
        "CloudWatch metrics and CloudTrail",
        "show what MWAA, Lambda and Redshift do",
        "show nothing of it",
    ),
    Difference(
        "FilterLogEvents with logStreamNamePrefix",
        "searches the streams of that prefix",
        "searches all streams of the group; logStreamNames is heeded",
    ),
    Difference(
        "quotas and throttling",
        "limit requests and resources",
        "are not played, but for MWAA's environments per region and Lambda's reserved concurrency",
    ),
)
"""The rows about the account."""
