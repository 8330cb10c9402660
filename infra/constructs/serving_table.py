"""The table from which applications read what pipelines have worked out."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.acknowledgements import acknowledge
from infra.retention import HOLDS_DATA

_NO_PLAN = "It can be set back to any second of 35 days, and pipelines work out again what stands in it"


class ServingTable(Construct):
    """A DynamoDB table of items by data set and id, paid by the request.

    It can be set back to any second of the last 35 days.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            table_name=name,
            partition_key=dynamodb.Attribute(name="dataset", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=HOLDS_DATA,
        )
        packs = ("NIST.800.53.R5", "HIPAA.Security")
        acknowledge(self.table, {f"{pack}::{pack}-DynamoDBInBackupPlan": _NO_PLAN for pack in packs})
