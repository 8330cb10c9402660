"""The five log groups that MWAA writes to."""

from typing import get_args

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.retention import LOGS
from mwaactl.config.names import LogKind, Names

LOG_KINDS: tuple[LogKind, ...] = get_args(LogKind.__value__)


class AirflowLogGroups(Construct):
    """Log groups made before the environment, because those that MWAA makes never expire."""

    def __init__(self, scope: Construct, construct_id: str, *, names: Names, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        for kind in LOG_KINDS:
            logs.LogGroup(
                self,
                kind,
                log_group_name=names.log_group(kind),
                retention=LOGS,
                encryption_key=key,
                removal_policy=RemovalPolicy.DESTROY,
            )
