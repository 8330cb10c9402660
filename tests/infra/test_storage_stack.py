"""What the key and the buckets promise."""

from typing import Any

import pytest
from aws_cdk.assertions import Match, Template

from tests.infra.templates import SynthesisedEnvironment, only, properties, resources
from typed_assets.io.places import STAGING

BUCKETS = ("source", "data")


def bucket(environment: SynthesisedEnvironment, kind: str) -> dict[str, Any]:
    name = getattr(environment.config.names, f"{kind}_bucket")
    (found,) = (p for p in properties(environment.storage, "AWS::S3::Bucket") if p.get("BucketName") == name)
    return found


def lifecycle(environment: SynthesisedEnvironment, kind: str) -> dict[str, dict[str, Any]]:
    rules = bucket(environment, kind)["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    return {rule["Id"]: rule for rule in rules}


@pytest.mark.parametrize("kind", BUCKETS)
def test_bucket_is_versioned_and_closed_to_the_public(prod: SynthesisedEnvironment, kind: str) -> None:
    found = bucket(prod, kind)

    assert found["VersioningConfiguration"] == {"Status": "Enabled"}
    assert found["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }


@pytest.mark.parametrize("kind", BUCKETS)
def test_bucket_is_encrypted_with_our_key(prod: SynthesisedEnvironment, kind: str) -> None:
    (key,) = resources(prod.storage, "AWS::KMS::Key")
    (rule,) = bucket(prod, kind)["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": {"Fn::GetAtt": [key, "Arn"]},
    }


def test_every_bucket_refuses_requests_without_tls(prod: SynthesisedEnvironment) -> None:
    buckets = resources(prod.storage, "AWS::S3::Bucket")
    assert len(buckets) == 3

    for logical_id in buckets:
        Template.from_json(prod.storage).has_resource_properties(
            "AWS::S3::BucketPolicy",
            {
                "Bucket": {"Ref": logical_id},
                "PolicyDocument": {
                    "Statement": Match.array_with(
                        [
                            {
                                "Action": "s3:*",
                                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                                "Effect": "Deny",
                                "Principal": {"AWS": "*"},
                                "Resource": [
                                    {"Fn::GetAtt": [logical_id, "Arn"]},
                                    {"Fn::Join": ["", [{"Fn::GetAtt": [logical_id, "Arn"]}, "/*"]]},
                                ],
                            }
                        ]
                    )
                },
            },
        )


@pytest.mark.parametrize("kind", BUCKETS)
def test_access_to_a_bucket_is_logged(prod: SynthesisedEnvironment, kind: str) -> None:
    target = bucket(prod, kind)["LoggingConfiguration"]["DestinationBucketName"]["Ref"]

    access_logs = prod.storage["Resources"][target]["Properties"]
    assert access_logs["PublicAccessBlockConfiguration"]["RestrictPublicBuckets"] is True
    (rule,) = access_logs["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_key_rotates_and_carries_the_alias(prod: SynthesisedEnvironment) -> None:
    (key,) = resources(prod.storage, "AWS::KMS::Key")

    assert only(prod.storage, "AWS::KMS::Key")["EnableKeyRotation"] is True
    assert only(prod.storage, "AWS::KMS::Alias") == {
        "AliasName": "alias/flights-prod",
        "TargetKeyId": {"Fn::GetAtt": [key, "Arn"]},
    }


def test_key_serves_log_groups_of_this_account_and_nobody_elses(prod: SynthesisedEnvironment) -> None:
    policy = only(prod.storage, "AWS::KMS::Key")["KeyPolicy"]["Statement"]
    (logs,) = (each for each in policy if each.get("Sid") == "CloudWatchLogs")
    (root,) = (each for each in policy if "Sid" not in each)

    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert sorted(logs["Action"]) == [
        "kms:Decrypt*",
        "kms:Describe*",
        "kms:Encrypt*",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
    ]
    assert logs["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:444455556666:*"}
    }
    assert root["Principal"] == {"AWS": "arn:aws:iam::444455556666:root"}


def test_what_holds_data_outlives_the_stack(prod: SynthesisedEnvironment) -> None:
    keepers = [
        *resources(prod.storage, "AWS::S3::Bucket").values(),
        *resources(prod.storage, "AWS::KMS::Key").values(),
        *resources(prod.storage, "AWS::DynamoDB::Table").values(),
        *resources(prod.warehouse, "AWS::RedshiftServerless::Namespace").values(),
    ]

    assert len(keepers) == 6
    assert {each["DeletionPolicy"] for each in keepers} == {"RetainExceptOnCreate"}
    assert {each["UpdateReplacePolicy"] for each in keepers} == {"Retain"}


def test_versions_that_a_rollback_needs_are_kept(prod: SynthesisedEnvironment) -> None:
    (rule,) = lifecycle(prod, "source").values()

    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 365, "NewerNoncurrentVersions": 50}
    assert "ExpirationInDays" not in rule


def test_only_derived_data_expires(prod: SynthesisedEnvironment) -> None:
    expiring = {
        rule.get("Prefix"): rule["ExpirationInDays"]
        for rule in lifecycle(prod, "data").values()
        if "ExpirationInDays" in rule
    }

    assert expiring == {
        "normalised/": 30,
        "quarantine/": 90,
        STAGING: 7,  # where typed_assets stages in this bucket
        "_assets/loads/": 7,
        "_xcom/": 90,
    }
    kept = (
        "_assets/history/mart.delays/-/2026.json",
        "_state/raw.orders/watermark.json",
        "lake/",
        "landing/",
    )
    assert not [key for key in kept if key.startswith(tuple(expiring))]


def test_files_that_land_are_told_of_in_a_queue_with_a_second_one_for_what_fails(
    prod: SynthesisedEnvironment,
) -> None:
    rule = only(prod.storage, "AWS::Events::Rule")
    named = {
        each["Properties"]["QueueName"]: (logical_id, each["Properties"])
        for logical_id, each in resources(prod.storage, "AWS::SQS::Queue").items()
    }
    (queue_id, queue), (failed_id, failed) = named["flights-prod-landed"], named["flights-prod-landed-failed"]

    assert bucket(prod, "data")["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    assert "NotificationConfiguration" not in bucket(prod, "source")
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": "landing/"}]}
    assert [each["Arn"] for each in rule["Targets"]] == [{"Fn::GetAtt": [queue_id, "Arn"]}]
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": [failed_id, "Arn"]},
        "maxReceiveCount": 5,
    }
    assert failed["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert "KmsMasterKeyId" in queue
    assert "KmsMasterKeyId" in failed


def test_only_the_rule_may_send_to_the_queue(prod: SynthesisedEnvironment) -> None:
    [rule] = resources(prod.storage, "AWS::Events::Rule")
    allowed = [
        statement
        for policy in properties(prod.storage, "AWS::SQS::QueuePolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]

    assert [(each["Action"], each["Principal"], each["Condition"]) for each in allowed] == [
        (
            "sqs:SendMessage",
            {"Service": "events.amazonaws.com"},
            {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule, "Arn"]}}},
        )
    ]


def test_items_of_the_serving_table_are_encrypted_with_our_key_and_can_be_set_back(
    prod: SynthesisedEnvironment,
) -> None:
    [key] = resources(prod.storage, "AWS::KMS::Key")
    table = only(prod.storage, "AWS::DynamoDB::Table")

    assert table["TableName"] == "flights-prod-serving"
    assert table["SSESpecification"] == {
        "KMSMasterKeyId": {"Fn::GetAtt": [key, "Arn"]},
        "SSEEnabled": True,
        "SSEType": "KMS",
    }
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
