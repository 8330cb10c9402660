"""What VPC endpoints let through: your own callers to your own resources, and what MWAA needs besides.

AWS recommends to let everything through and to rely on the execution role alone; then code in a DAG, with
credentials that it brings along, reaches whatever those credentials reach.
https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from aws_cdk import aws_iam as iam

from mwaactl.catalog.endpoint_policies import (
    Passage,
    celery_passage,
    image_passage,
    image_services,
    readable_buckets,
)
from mwaactl.config.environment import EnvironmentConfig

_READING = ("s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket")


@dataclass(frozen=True, slots=True)
class Boundary:
    """Whose callers and whose resources pass, and which others besides.

    Attributes:
        account: Your account.
        organization: The organisation whose accounts are all your own, for example `o-a1b2c3d4e5`; None for
            the one account.
        closed: False lets everybody through to everything, as AWS recommends.
        celery_queue: ARN of the environment's queue; None lets through the queues of all environments, since
            MWAA names one only after creation.
        readable_buckets: Names of other buckets that your own callers may read.
    """

    account: str
    organization: str | None = None
    closed: bool = True
    celery_queue: str | None = None
    readable_buckets: tuple[str, ...] = ()

    @classmethod
    def configured(cls, config: EnvironmentConfig, celery_queue: str | None = None) -> Self:
        """Make the boundary of an environment."""
        word = config.network.boundary
        return cls(
            config.account,
            word if word.startswith("o-") else None,
            closed=word != "none",
            celery_queue=celery_queue,
            readable_buckets=config.network.readable_buckets,
        )

    @property
    def callers(self) -> Mapping[str, str]:
        """The condition that a caller is your own."""
        if not self.closed:
            return {}
        if self.organization:
            return {"aws:PrincipalOrgID": self.organization}
        return {"aws:PrincipalAccount": self.account}

    @property
    def resources(self) -> Mapping[str, str]:
        """The condition that a resource is your own."""
        if not self.closed:
            return {}
        if self.organization:
            return {"aws:ResourceOrgID": self.organization}
        return {"aws:ResourceAccount": self.account}


def interface_statements(service: str, boundary: Boundary, region: str) -> list[iam.PolicyStatement]:
    """Statements for the endpoint of one service.

    Args:
        service: As in `com.amazonaws.REGION.SERVICE`, for example `sqs`.
        boundary: Whose callers and resources pass.
        region: The endpoint's region.
    """
    if service == "sqs":
        return [_own_queues(boundary, region), _celery_queue(boundary, region)]
    if service in image_services():
        return [_inside(boundary), _passing("PullImages", image_passage(), {})]
    return [_inside(boundary)]


def gateway_statements(boundary: Boundary, region: str) -> list[iam.PolicyStatement]:
    """Statements for the gateway to S3.

    Args:
        boundary: Whose callers and resources pass.
        region: The endpoint's region.
    """
    statements = [
        _inside(boundary),
        _reading("ImagesAndPackages", ["s3:GetObject"], readable_buckets(region), {}),
    ]
    if named := boundary.readable_buckets:
        statements.append(_reading("ReadableBuckets", _READING, named, boundary.callers))
    return statements


def _inside(boundary: Boundary) -> iam.PolicyStatement:
    return _statement("Inside", ["*"], ["*"], {**boundary.callers, **boundary.resources})


def _own_queues(boundary: Boundary, region: str) -> iam.PolicyStatement:
    """Never everybody's queues: through another account's, a DAG could hand out what it reads."""
    if boundary.closed:
        return _inside(boundary)
    return _statement("OwnQueues", ["sqs:*"], [f"arn:aws:sqs:{region}:{boundary.account}:*"], {})


def _celery_queue(boundary: Boundary, region: str) -> iam.PolicyStatement:
    any_queue = celery_passage(region)
    passage = Passage(any_queue.actions, boundary.celery_queue or any_queue.resource)
    return _passing("CeleryQueue", passage, boundary.callers)


def _passing(sid: str, passage: Passage, condition: Mapping[str, str]) -> iam.PolicyStatement:
    return _statement(sid, passage.actions, [passage.resource], condition)


def _reading(
    sid: str, actions: Sequence[str], buckets: Sequence[str], condition: Mapping[str, str]
) -> iam.PolicyStatement:
    suffixes = ("/*",) if list(actions) == ["s3:GetObject"] else ("", "/*")
    arns = [f"arn:aws:s3:::{name}{suffix}" for name in buckets for suffix in suffixes]
    return _statement(sid, actions, arns, condition)


def _statement(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, str]
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.AnyPrincipal()],
        actions=list(actions),
        resources=list(resources),
        conditions={"StringEquals": dict(condition)} if condition else None,
    )
