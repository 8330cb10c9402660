"""What the scanners find at every resource of a kind and this project means so, each with its reason.

What belongs to one construct alone is acknowledged there (`infra.acknowledgements`); here stands what is
decided once: a concern, under the ids that each scanner gives to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from aws_cdk import App, CfnResource

from infra.acknowledgements import acknowledge

_PACKS = ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")


def _nag(rule: str, *packs: str) -> tuple[str, ...]:
    return tuple(f"{pack}::{pack}-{rule}" for pack in packs or _PACKS)


@dataclass(frozen=True, slots=True)
class Standing:
    """One decision.

    Attributes:
        resource_type: The CloudFormation type it is about.
        ids: The findings, each as its scanner calls it.
        reason: Why it is right as it is.
        below: Which constructs of the type, by their path with `*`.
    """

    resource_type: str
    ids: tuple[str, ...]
    reason: str
    below: str = "*"


STANDING: tuple[Standing, ...] = (
    Standing(
        "AWS::IAM::Policy",
        _nag("IAMNoInlinePolicy"),
        "It belongs to one role and ends with it: nobody else can attach it",
    ),
    Standing(
        "AWS::S3::Bucket",
        _nag("S3BucketReplicationEnabled"),
        "Versions protect from loss; copies in another Region are a decision of who owns the data",
    ),
    Standing(
        "AWS::S3::Bucket",
        ("ControlTower::CT.S3.PR.9",),
        "Object Lock would keep what a lifecycle or a rollback has to remove",
    ),
    Standing(
        "AWS::S3::Bucket",
        ("ControlTower::CT.S3.PR.4",),
        "Nobody has to be told of each object: MWAA reads its bucket every 30 seconds",
    ),
    Standing(
        "AWS::S3::Bucket",
        (*_nag("S3DefaultEncryptionKMS"), "ControlTower::CT.S3.PR.10"),
        "S3 cannot deliver access logs to a bucket that is encrypted with a KMS key",
        below="*/AccessLogs/*",
    ),
    Standing(
        "AWS::S3::Bucket",
        ("Checkov::CKV_AWS_18", "ControlTower::CT.S3.PR.2"),
        "Logs about the delivery of logs would go round in a circle",
        below="*/AccessLogs/*",
    ),
    Standing(
        "AWS::EC2::VPC",
        _nag("VPCDefaultSecurityGroupClosed"),
        "Nothing joins the default group, and emptying it would run code while deploying",
    ),
    Standing(
        "AWS::EC2::Route",
        _nag("VPCNoUnrestrictedRouteToIGW"),
        "Only the NAT gateway stands in this subnet, and this is its way out",
        below="*/publicSubnet*/DefaultRoute",
    ),
    Standing(
        "AWS::EC2::SecurityGroupIngress",
        _nag("EC2RestrictedCommonPorts"),
        "The source is the group itself, which Amazon MWAA asks for: nobody else comes in",
        below="*/Security/Group/*",
    ),
    Standing(
        "AWS::Lambda::Function",
        (*_nag("LambdaInsideVPC"), "Checkov::CKV_AWS_117", "ControlTower::CT.LAMBDA.PR.3"),
        "It calls S3 and KMS alone, as its role; in a VPC it would need an endpoint for each",
    ),
    Standing(
        "AWS::Lambda::Function",
        (*_nag("LambdaConcurrency", "NIST.800.53.R5", "HIPAA.Security"), "Checkov::CKV_AWS_115"),
        "The DAGs decide how many run at once; a reserve is taken from the account's other functions",
    ),
    Standing(
        "AWS::Lambda::Function",
        (*_nag("LambdaDLQ", "NIST.800.53.R5", "HIPAA.Security"), "Checkov::CKV_AWS_116"),
        "A DAG waits for the answer: a failure fails the task, and Airflow repeats it",
    ),
    Standing(
        "AWS::Lambda::Function",
        ("CfnLint::W3005",),
        "The CDK writes the dependency on the role beside the reference to it",
    ),
    Standing(
        "AWS::MWAA::Environment",
        ("CfnLint::W3005",),
        "The environment waits for whole constructs, of which it refers to some parts as well",
    ),
    Standing(
        "AWS::Logs::LogGroup",
        ("ControlTower::CT.CLOUDWATCH.PR.2",),
        "Three months are enough to look into an incident; what must be kept longer belongs in an archive",
    ),
    Standing(
        "AWS::Logs::LogGroup",
        ("ControlTower::CT.CLOUDWATCH.PR.3",),
        "It is encrypted: the rule does not follow a key into another stack",
    ),
    Standing(
        "AWS::KMS::Key",
        ("ControlTower::CT.KMS.PR.3",),
        "Amazon MWAA asks that its caller may create grants; IAM says who that is",
    ),
)


def apply_standing(app: App) -> None:
    """Acknowledge on each resource what is decided about its kind."""
    for construct in app.node.find_all():
        if isinstance(construct, CfnResource) and (reasons := _reasons(construct)):
            acknowledge(construct, reasons)


def _reasons(resource: CfnResource) -> Mapping[str, str]:
    resource_type, path = resource.cfn_resource_type, resource.node.path
    return MappingProxyType(
        {
            finding: each.reason
            for each in STANDING
            if each.resource_type == resource_type and fnmatchcase(path, each.below)
            for finding in each.ids
        }
    )
