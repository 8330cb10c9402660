"""What the DAGs may do beyond what MWAA needs: declared pipeline by pipeline, kept in one policy."""

import re
from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledgements import acknowledge, wildcard_reasons

_OBJECTS = "The DAGs choose the names of their objects below the prefix"
_STATEMENTS = "Statements have no ARN; the Data API shows a role only its own"
_SECRETS = "Who keeps the secrets chooses their names below the prefix"


class PipelinePolicy(Construct):
    """One inline policy of an execution role, to which every pipeline adds what it declares.

    Nothing is allowed until a pipeline declares it, and no policy is made until then.
    """

    def __init__(self, scope: Construct, construct_id: str, *, role: iam.IRole) -> None:
        super().__init__(scope, construct_id)
        self._role = role
        self._policy: iam.Policy | None = None

    def pipeline(self, name: str) -> "PipelineGrants":
        """Begin the declaration of one pipeline.

        Args:
            name: Name of the DAG, for example `nyc_flights_elt`; its statements are named after it.
        """
        return PipelineGrants(self, _camel(name))

    def add(self, statement: iam.PolicyStatement) -> iam.Policy:
        """Add a statement; return the policy, which is made with the first one."""
        if self._policy is None:
            self._policy = iam.Policy(self, "Policy", roles=[self._role])
        self._policy.add_statements(statement)
        return self._policy


class PipelineGrants:
    """What one pipeline may do. Each method may be called once; prefixes have no slash at their end.

    Objects under the environment's own key need nothing more: the execution role may use that key for S3.
    """

    def __init__(self, policy: PipelinePolicy, name: str) -> None:
        self._policy = policy
        self._name = name

    def grant_list(self, bucket: str, *prefixes: str) -> None:
        """List the names of objects, for example with S3KeySensor.

        Args:
            bucket: Name of the bucket.
            prefixes: Prefixes below which names are listed. Without any, all names: who reads an object that
                is not there learns so only with this, and is denied otherwise, whatever the prefix,
                https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        if not prefixes:
            self._allow("List", ["s3:ListBucket"], [_bucket(bucket)])
            return
        prefix_keys = [pattern for each in prefixes for pattern in (each, f"{each}/*")]
        conditions = {"StringLike": {"s3:prefix": prefix_keys}}
        self._allow("List", ["s3:ListBucket"], [_bucket(bucket)], conditions=conditions)

    def grant_read(self, bucket: str, *prefixes: str) -> None:
        """Read objects.

        Args:
            bucket: Name of the bucket.
            prefixes: Prefixes below which objects are read.
        """
        self._allow("Read", ["s3:GetObject"], _objects(bucket, prefixes), reason=_OBJECTS)

    def grant_write(self, bucket: str, *prefixes: str) -> None:
        """Write objects, in parts as well; not delete them.

        Args:
            bucket: Name of the bucket.
            prefixes: Prefixes below which objects are written.
        """
        actions = ["s3:AbortMultipartUpload", "s3:PutObject"]
        self._allow("Write", actions, _objects(bucket, prefixes), reason=_OBJECTS)

    def grant_delete(self, bucket: str, *prefixes: str) -> None:
        """Delete objects; in a versioned bucket they stay as old versions.

        Args:
            bucket: Name of the bucket.
            prefixes: Prefixes below which objects are deleted.
        """
        self._allow("Delete", ["s3:DeleteObject"], _objects(bucket, prefixes), reason=_OBJECTS)

    def grant_copy(self, source: tuple[str, str], target: tuple[str, str]) -> None:
        """Copy objects within S3, for example with S3CopyObjectOperator.

        S3 reads an object's tags and writes them with the copy:
        https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html

        COPY and UNLOAD of the warehouse are something else: they run as the warehouse's own `CopyRole`.

        Args:
            source: Name of a bucket and prefix, from below which is copied.
            target: Name of a bucket and prefix, to below which is copied.
        """
        reading = ["s3:GetObject", "s3:GetObjectTagging"]
        writing = ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectTagging"]
        self._allow("CopyFrom", reading, _objects(source[0], source[1:]), reason=_OBJECTS)
        self._allow("CopyTo", writing, _objects(target[0], target[1:]), reason=_OBJECTS)

    def grant_invoke(self, *function_arns: str) -> None:
        """Invoke Lambda functions.

        Args:
            function_arns: ARNs of the functions, without a version or alias unless only that is invoked.
        """
        self._allow("Invoke", ["lambda:InvokeFunction"], function_arns)

    def grant_sql(
        self, workgroup_arn: str, *, secret_arn: str, key_arn: str, region: str, single: bool = False
    ) -> None:
        """Run SQL through the Redshift Data API, as the user whose password a secret holds.

        Args:
            workgroup_arn: ARN of the workgroup of Redshift Serverless.
            secret_arn: ARN of the secret, or a pattern that ends with `-??????` where only its name is known.
            key_arn: ARN of the key that encrypts the secret.
            region: Region of the secret.
            single: Whether statements are run one by one as well: RedshiftDataOperator does that with a
                text, while it runs a list together, even a list of one.
        """
        one_by_one = ["redshift-data:ExecuteStatement"] if single else []
        self._allow("RunSql", ["redshift-data:BatchExecuteStatement", *one_by_one], [workgroup_arn])
        # No condition on the statement's owner: it would mean the session, and a triggerer follows what a
        # worker began, in another session of the role.
        # https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html
        follow = ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"]
        self._allow("FollowSql", follow, ["*"], reason=_STATEMENTS)
        self.grant_secrets(secret_arn, key_arn=key_arn, region=region)

    def grant_publish(self, topic_arn: str, *, key_arn: str, region: str) -> None:
        """Publish to a topic, and use the key that encrypts its messages for that alone.

        https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

        Args:
            topic_arn: ARN of the topic.
            key_arn: ARN of its key.
            region: Region of the topic.
        """
        self._allow("Publish", ["sns:Publish"], [topic_arn])
        through = {"StringEquals": {"kms:ViaService": f"sns.{region}.amazonaws.com"}}
        actions = ["kms:Decrypt", "kms:GenerateDataKey"]
        self._allow("EncryptMessages", actions, [key_arn], conditions=through)

    def grant_receive(self, queue_arn: str) -> None:
        """Take messages from a queue and delete them; the execution role may use its key for SQS.

        Args:
            queue_arn: ARN of the queue.
        """
        self._allow("Receive", ["sqs:DeleteMessage", "sqs:ReceiveMessage"], [queue_arn])

    def grant_items(self, table_arn: str, *, key_arn: str, region: str) -> None:
        """Put and read items of a DynamoDB table, and use its key through DynamoDB alone.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html

        Args:
            table_arn: ARN of the table.
            key_arn: ARN of its key.
            region: Region of the table.
        """
        self._allow("Items", ["dynamodb:BatchWriteItem", "dynamodb:Query"], [table_arn])
        through = {"StringEquals": {"kms:ViaService": f"dynamodb.{region}.amazonaws.com"}}
        self._allow("DecryptItems", ["kms:Decrypt", "kms:DescribeKey"], [key_arn], conditions=through)

    def grant_secrets(self, *secret_arns: str, key_arn: str, region: str) -> None:
        """Read the values of secrets, and use their key for that alone.

        Args:
            secret_arns: ARNs of secrets, or patterns: Secrets Manager adds a hyphen and six characters to a
                name, so that where only the name is known `-??????` ends the pattern.
            key_arn: ARN of the key that encrypts the secrets.
            region: Region of the secrets.
        """
        self._allow("ReadSecret", ["secretsmanager:GetSecretValue"], secret_arns, reason=_SECRETS)
        # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
        through: dict[str, dict[str, object]] = {
            "StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"},
            "StringLike": {"kms:EncryptionContext:SecretARN": list(secret_arns)},
        }
        self._allow("DecryptSecret", ["kms:Decrypt"], [key_arn], conditions=through)

    def _allow(
        self,
        what: str,
        actions: Sequence[str],
        resources: Sequence[str],
        *,
        conditions: Mapping[str, Mapping[str, object]] | None = None,
        reason: str | None = None,
    ) -> None:
        statement = iam.PolicyStatement(
            sid=f"{self._name}{what}",
            actions=list(actions),
            resources=list(resources),
            conditions=dict(conditions or {}),
        )
        policy = self._policy.add(statement)
        if reason:
            wildcards = [each for each in resources if "*" in each]
            acknowledge(policy, wildcard_reasons(dict.fromkeys(wildcards, reason)))


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", name))


def _bucket(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def _objects(bucket: str, prefixes: Sequence[str]) -> list[str]:
    return [f"{_bucket(bucket)}/{each}/*" for each in prefixes]
