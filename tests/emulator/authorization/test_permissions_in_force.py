"""What a role's session may do is what its policies and those of the resources say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.emulator.authorization.conftest import ACCOUNT, allow, deny, document
from tests.fakes.workgroups import wait_available

if TYPE_CHECKING:
    from tests.emulator.authorization.conftest import Roles
    from tests.fakes.emulator_process import EmulatorProcess


def denial(call: Any, **given: Any) -> str:
    """Return the sentence with which a call is denied."""
    with pytest.raises(ClientError) as caught:
        call(**given)
    error = caught.value.response["Error"]
    assert error["Code"] in {"AccessDenied", "AccessDeniedException", "403"}, error
    return str(error["Message"]).partition("is not authorized to perform: ")[2]


def test_role_does_what_its_policy_names_and_no_more(roles: Roles, bucket: str) -> None:
    s3 = roles.aws("s3", allow(["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{bucket}/open/*"))

    s3.put_object(Bucket=bucket, Key="open/a", Body=b"content")

    assert s3.get_object(Bucket=bucket, Key="open/a")["Body"].read() == b"content"
    assert denial(s3.put_object, Bucket=bucket, Key="shut/a").startswith("s3:PutObject on resource")
    assert denial(s3.list_objects_v2, Bucket=bucket).startswith("s3:ListBucket on resource")


def test_condition_on_a_parameter_is_judged(roles: Roles, bucket: str) -> None:
    prefix = {"StringLike": {"s3:prefix": "home/*"}}
    s3 = roles.aws("s3", allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", Condition=prefix))

    assert s3.list_objects_v2(Bucket=bucket, Prefix="home/a")["KeyCount"] == 0
    assert denial(s3.list_objects_v2, Bucket=bucket, Prefix="other/")


def test_managed_policy_of_aws_is_judged(roles: Roles, bucket: str) -> None:
    role = roles.role()
    iam = roles.emulator.aws("iam")
    iam.attach_role_policy(
        RoleName=role.rpartition("/")[2], PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    )
    s3 = roles.client(roles.session(role), "s3")

    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    assert denial(s3.put_object, Bucket=bucket, Key="k")


def test_permission_that_is_taken_away_is_missing_at_once(roles: Roles, bucket: str) -> None:
    role = roles.role(allow("s3:*"))
    s3 = roles.client(roles.session(role), "s3")
    s3.put_object(Bucket=bucket, Key="k")

    roles.emulator.aws("iam").delete_role_policy(RoleName=role.rpartition("/")[2], PolicyName="own")

    assert denial(s3.put_object, Bucket=bucket, Key="k")


def test_bucket_policy_that_denies_plain_http_lets_the_emulators_endpoint_pass(
    roles: Roles, bucket: str
) -> None:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    policy = document(deny("s3:*", f"arn:aws:s3:::{bucket}/*", Principal="*", Condition=plain))
    roles.emulator.aws("s3").put_bucket_policy(Bucket=bucket, Policy=policy)

    roles.aws("s3", allow("s3:*")).put_object(Bucket=bucket, Key="k")


def test_bucket_policy_allows_a_role_without_a_policy_of_its_own(roles: Roles, bucket: str) -> None:
    role = roles.role()
    policy = document(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": role}))
    own = roles.emulator.aws("s3")
    own.put_bucket_policy(Bucket=bucket, Policy=policy)
    own.put_object(Bucket=bucket, Key="k", Body=b"1")

    assert roles.client(roles.session(role), "s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_bucket_policy_denies_what_the_role_is_allowed(roles: Roles, bucket: str) -> None:
    policy = document(deny("s3:DeleteObject", f"arn:aws:s3:::{bucket}/*", Principal="*"))
    roles.emulator.aws("s3").put_bucket_policy(Bucket=bucket, Policy=policy)

    said = denial(roles.aws("s3", allow("s3:*")).delete_object, Bucket=bucket, Key="k")

    assert said.endswith("with an explicit deny in a resource-based policy")


def test_bucket_policy_that_is_none_is_refused(roles: Roles, bucket: str) -> None:
    with pytest.raises(ClientError, match="Missing required field Principal") as caught:
        roles.emulator.aws("s3").put_bucket_policy(Bucket=bucket, Policy=document(allow("s3:*")))
    assert caught.value.response["Error"]["Code"] == "MalformedPolicy"


def test_developers_own_key_is_not_restricted(emulator: EmulatorProcess, bucket: str) -> None:
    policy = document(deny("s3:*", f"arn:aws:s3:::{bucket}/*", Principal="*"))
    s3 = emulator.aws("s3")
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)

    s3.put_object(Bucket=bucket, Key="k", Body=b"1")


def test_user_of_iam_is_judged_with_the_policies_of_their_groups(roles: Roles, bucket: str) -> None:
    iam, name = roles.emulator.aws("iam"), f"user-{uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)
    iam.add_user_to_group(UserName=name, GroupName=name)
    iam.put_group_policy(GroupName=name, PolicyName="p", PolicyDocument=document(allow("s3:PutObject")))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    session = boto3.session.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    s3 = roles.client(session, "s3")

    s3.put_object(Bucket=bucket, Key="k")

    assert denial(s3.delete_object, Bucket=bucket, Key="k")


def test_boundary_limits_a_role(roles: Roles, bucket: str) -> None:
    iam = roles.emulator.aws("iam")
    limits = document(allow("s3:GetObject"))
    boundary = iam.create_policy(PolicyName=f"b-{uuid4().hex[:8]}", PolicyDocument=limits)["Policy"]["Arn"]
    s3 = roles.aws("s3", allow("s3:*"), PermissionsBoundary=boundary)

    said = denial(s3.put_object, Bucket=bucket, Key="k")

    assert said.endswith("because no permissions boundary allows the s3:PutObject action")


def test_session_policy_limits_a_session(roles: Roles, bucket: str) -> None:
    session = roles.session(roles.role(allow("s3:*")), Policy=document(allow("s3:GetObject")))

    said = denial(roles.client(session, "s3").put_object, Bucket=bucket, Key="k")

    assert said.endswith("because no session policy allows the s3:PutObject action")


def test_object_that_is_not_there_is_hidden_from_who_may_not_list(roles: Roles, bucket: str) -> None:
    objects = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    listing = allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")

    assert denial(roles.aws("s3", objects).get_object, Bucket=bucket, Key="no").startswith("s3:ListBucket on")
    with pytest.raises(ClientError) as caught:
        roles.aws("s3", objects, listing).get_object(Bucket=bucket, Key="no")
    assert caught.value.response["Error"]["Code"] == "NoSuchKey"


def test_each_key_of_a_deletion_is_judged(roles: Roles, bucket: str) -> None:
    own = roles.emulator.aws("s3")
    for key in ("mine/a", "yours/b", "mine/c"):
        own.put_object(Bucket=bucket, Key=key)
    s3 = roles.aws("s3", allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/mine/*"))

    keys = [{"Key": key} for key in ("mine/a", "yours/b", "mine/c")]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})

    assert sorted(each["Key"] for each in answer["Deleted"]) == ["mine/a", "mine/c"]
    [error] = answer["Errors"]
    assert (error["Key"], error["Code"]) == ("yours/b", "AccessDenied")
    assert "s3:DeleteObject" in error["Message"]
    assert [each["Key"] for each in own.list_objects_v2(Bucket=bucket)["Contents"]] == ["yours/b"]


def test_deletion_of_a_version_takes_a_permission_of_its_own(roles: Roles, bucket: str) -> None:
    own = roles.emulator.aws("s3")
    own.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = own.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    s3 = roles.aws("s3", allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/*"))

    answer = s3.delete_objects(
        Bucket=bucket, Delete={"Objects": [{"Key": "k"}, {"Key": "k", "VersionId": version}]}
    )

    assert [each["Key"] for each in answer["Deleted"]] == ["k"]
    [error] = answer["Errors"]
    assert error["VersionId"] == version
    assert f's3:DeleteObjectVersion on resource: "arn:aws:s3:::{bucket}/k"' in error["Message"]


def sealed_bucket(roles: Roles, bucket: str) -> str:
    """Encrypt the bucket with a key of its own, and return the key's ARN."""
    key = roles.emulator.aws("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    roles.emulator.aws("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    return str(key)


def test_objects_of_an_encrypted_bucket_need_its_key(roles: Roles, bucket: str) -> None:
    key = sealed_bucket(roles, bucket)
    objects = allow(["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{bucket}/*")
    through_s3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    use = allow(["kms:GenerateDataKey", "kms:Decrypt"], key, Condition=through_s3)
    sealed = roles.aws("s3", objects, use)

    sealed.put_object(Bucket=bucket, Key="k", Body=b"1")

    assert sealed.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
    without = roles.aws("s3", objects)
    assert denial(without.put_object, Bucket=bucket, Key="k").startswith(
        f"kms:GenerateDataKey on resource: {key} because no identity-based policy"
    )
    assert denial(without.get_object, Bucket=bucket, Key="k").startswith(f"kms:Decrypt on resource: {key}")
    direct = roles.aws("kms", use)
    assert denial(direct.generate_data_key, KeyId=key, KeySpec="AES_256").startswith("kms:GenerateDataKey")


def test_key_whose_policy_does_not_delegate_is_out_of_reach_of_identities(roles: Roles) -> None:
    root_only = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/nobody"}
    policy = document({"Effect": "Allow", "Principal": root_only, "Action": "kms:*", "Resource": "*"})
    kms = roles.emulator.aws("kms")
    key = kms.create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["KeyId"]

    said = denial(roles.aws("kms", allow("kms:*")).describe_key, KeyId=key)

    assert said.endswith("because no resource-based policy allows the kms:DescribeKey action")


def test_what_a_key_encrypted_is_decrypted_with_permission_for_that_key(roles: Roles) -> None:
    kms = roles.emulator.aws("kms")
    one, two = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    blob = kms.encrypt(KeyId=one, Plaintext=b"secret")["CiphertextBlob"]

    assert roles.aws("kms", allow("kms:Decrypt", one)).decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"
    assert denial(roles.aws("kms", allow("kms:Decrypt", two)).decrypt, CiphertextBlob=blob).startswith(
        f"kms:Decrypt on resource: {one}"
    )


def test_role_takes_on_another_if_both_say_so(roles: Roles) -> None:
    target = roles.role(allow("s3:*"))
    caller = roles.role(allow("sts:AssumeRole", target))
    shut = roles.role(allow("s3:*"), trusts={"Service": "lambda.amazonaws.com"})
    sts = roles.client(roles.session(caller), "sts")

    assert sts.assume_role(RoleArn=target, RoleSessionName="next")["Credentials"]
    assert denial(sts.assume_role, RoleArn=shut, RoleSessionName="next").endswith(
        "because no resource-based policy allows the sts:AssumeRole action"
    )
    assert denial(roles.aws("sts").assume_role, RoleArn=target, RoleSessionName="next").endswith(
        "because no identity-based policy allows the sts:AssumeRole action"
    )


def test_secret_is_found_by_its_name_and_judged_by_its_arn(roles: Roles) -> None:
    secrets, name = roles.emulator.aws("secretsmanager"), f"secret-{uuid4().hex[:8]}"
    arn = secrets.create_secret(Name=name, SecretString="s")["ARN"]
    reader = roles.aws("secretsmanager", allow("secretsmanager:GetSecretValue", arn))

    assert reader.get_secret_value(SecretId=name)["SecretString"] == "s"
    assert denial(reader.describe_secret, SecretId=name).startswith("secretsmanager:DescribeSecret")


def test_queue_policy_lets_a_role_send(roles: Roles) -> None:
    sqs, name = roles.emulator.aws("sqs"), f"queue-{uuid4().hex[:8]}"
    role = roles.role()
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
    policy = document(allow("sqs:SendMessage", arn, Principal={"AWS": role}))
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    sender = roles.client(roles.session(role), "sqs")

    sender.send_message(QueueUrl=url, MessageBody="m")

    assert denial(sender.receive_message, QueueUrl=url).startswith("sqs:receivemessage")


def test_log_group_without_the_star_at_its_end_does_not_cover_streams(roles: Roles) -> None:
    logs, name = roles.emulator.aws("logs"), f"group-{uuid4().hex[:8]}"
    logs.create_log_group(logGroupName=name)
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{name}"

    roles.aws("logs", allow("logs:CreateLogStream", f"{arn}:*")).create_log_stream(
        logGroupName=name, logStreamName="s"
    )
    short = roles.aws("logs", allow("logs:CreateLogStream", arn))
    assert denial(short.create_log_stream, logGroupName=name, logStreamName="t")


def test_nobody_takes_on_a_role_that_does_not_exist(roles: Roles) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/made-up"

    with pytest.raises(ClientError) as caught:
        roles.session(role)

    assert caught.value.response["Error"] == {
        "Code": "AccessDenied",
        "Message": f"User: arn:aws:sts::{ACCOUNT}:user/moto is not authorized to perform: sts:AssumeRole "
        f"on resource: {role} because no resource-based policy allows the sts:AssumeRole action",
    }


def test_session_ends_with_its_role(roles: Roles, bucket: str) -> None:
    role = roles.role(allow("*"))
    session = roles.session(role)
    roles.client(session, "s3").put_object(Bucket=bucket, Key="k", Body=b"1")
    iam, name = roles.emulator.aws("iam"), role.rpartition("/")[2]
    iam.delete_role_policy(RoleName=name, PolicyName="own")
    iam.delete_role(RoleName=name)

    codes = {}
    for service, operation, given in (
        ("s3", "put_object", {"Bucket": bucket, "Key": "k"}),
        ("logs", "describe_log_groups", {}),
        ("sns", "list_topics", {}),
        ("lambda", "list_functions", {}),
    ):
        with pytest.raises(ClientError) as caught:
            getattr(roles.client(session, service), operation)(**given)
        answer = caught.value.response
        codes[service] = (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"])

    assert codes == {
        "s3": ("InvalidAccessKeyId", 403),
        "logs": ("UnrecognizedClientException", 400),
        "sns": ("InvalidClientTokenId", 403),
        "lambda": ("UnrecognizedClientException", 403),
    }


def test_session_gets_no_session_that_is_nobodys(roles: Roles) -> None:
    with pytest.raises(ClientError, match="Cannot call GetSessionToken with session credentials") as caught:
        roles.aws("sts", allow("*")).get_session_token()
    assert caught.value.response["Error"]["Code"] == "AccessDenied"


def test_upload_in_parts_to_an_encrypted_bucket_also_decrypts(roles: Roles, bucket: str) -> None:
    key = sealed_bucket(roles, bucket)
    s3 = roles.aws("s3", allow("s3:PutObject"), allow("kms:GenerateDataKey", key))
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]

    said = denial(s3.upload_part, Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"1")

    assert said.startswith(f"kms:Decrypt on resource: {key}")


def test_statement_is_shown_to_the_session_that_runs_it(roles: Roles) -> None:
    serverless = roles.emulator.aws("redshift-serverless")
    serverless.create_namespace(namespaceName="owned", dbName="dev")
    serverless.create_workgroup(workgroupName="owned", namespaceName="owned")
    wait_available(serverless, "owned")
    own = {"StringEquals": {"redshift-data:statement-owner-iam-userid": "${aws:userid}"}}
    role = roles.role(
        allow(["redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials"]),
        allow(["redshift-data:DescribeStatement", "redshift-data:ListStatements"], Condition=own),
    )
    ours = roles.client(roles.session(role), "redshift-data")
    theirs = roles.client(roles.session(role, RoleSessionName="another"), "redshift-data")

    statement = ours.execute_statement(WorkgroupName="owned", Database="dev", Sql="SELECT 1")["Id"]

    assert ours.describe_statement(Id=statement)["Id"] == statement
    assert "Statements" in ours.list_statements()
    assert denial(theirs.describe_statement, Id=statement).startswith("redshift-data:DescribeStatement")


def test_report_names_what_was_denied_and_what_was_never_used(roles: Roles, bucket: str) -> None:
    role = roles.role(
        allow(["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{bucket}/*", Sid="Objects"),
        allow("sqs:SendMessage", Sid="Queue"),
    )
    s3 = roles.client(roles.session(role), "s3")
    s3.put_object(Bucket=bucket, Key="k")
    for _ in range(2):
        denial(s3.delete_object, Bucket=bucket, Key="k")

    from mwaactl.emulator.authorization.usage_page import fetch_usages, usage_data

    usages = fetch_usages(roles.emulator.settings.endpoint_url)

    assert usages is not None
    [found] = [each for each in usage_data(usages) if each["entity"] == role]
    policy = f"own of role {role.rpartition('/')[2]}"
    assert json.loads(json.dumps(found)) == {
        "entity": role,
        "used": {"s3:PutObject": 1},
        "unused": [
            {"policy": policy, "statement": "Objects", "actions": ["s3:GetObject"]},
            {"policy": policy, "statement": "Queue", "actions": ["sqs:SendMessage"]},
        ],
        "denied": [
            {
                "action": "s3:DeleteObject",
                "resource": f"arn:aws:s3:::{bucket}/k",
                "reason": "because no identity-based policy allows the s3:DeleteObject action",
                "times": 2,
            }
        ],
    }
