"""The execution role: exactly what MWAA documents, and exactly what the DAGs need."""

import json
import re
from typing import Any

import pytest

from tests.infra.templates import (
    SynthesisedEnvironment,
    export_name,
    key_import,
    only,
    properties,
    resolved,
    resources,
    statements,
)

ENVIRONMENT = "arn:aws:airflow:eu-west-1:444455556666:environment/flights-prod"
SOURCE = "arn:aws:s3:::flights-prod-source-444455556666-eu-west-1"
DATA = "arn:aws:s3:::flights-prod-data-444455556666-eu-west-1"
QUEUE = "arn:aws:sqs:eu-west-1:444455556666:flights-prod-landed"


def policy(environment: SynthesisedEnvironment, sid: str) -> dict[str, dict[str, Any]]:
    """The policy that holds a statement."""
    found = (statements(p["PolicyDocument"]) for p in properties(environment.environment, "AWS::IAM::Policy"))
    (each,) = (candidate for candidate in found if sid in candidate)
    return each


def test_only_this_environment_of_this_account_may_take_the_role(prod: SynthesisedEnvironment) -> None:
    role = only(prod.environment, "AWS::IAM::Role")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]

    assert sorted(trust["Principal"]["Service"]) == ["airflow-env.amazonaws.com", "airflow.amazonaws.com"]
    assert trust["Action"] == "sts:AssumeRole"
    assert trust["Condition"] == {
        "ArnLike": {"aws:SourceArn": ENVIRONMENT},
        "StringEquals": {"aws:SourceAccount": "444455556666"},
    }


def test_role_has_no_name_of_its_own_to_be_used_again(prod: SynthesisedEnvironment) -> None:
    assert "RoleName" not in only(prod.environment, "AWS::IAM::Role")


def test_environment_runs_as_the_role(prod: SynthesisedEnvironment) -> None:
    (role,) = resources(prod.environment, "AWS::IAM::Role")
    environment = only(prod.environment, "AWS::MWAA::Environment")

    assert environment["ExecutionRoleArn"] == {"Fn::GetAtt": [role, "Arn"]}
    assert all(p["Roles"] == [{"Ref": role}] for p in properties(prod.environment, "AWS::IAM::Policy"))


def test_mwaa_gets_what_it_documents_and_no_more(prod: SynthesisedEnvironment) -> None:
    found = {
        sid: (each["Effect"], sorted(each["Action"]), each["Resource"], each.get("Condition"))
        for sid, each in policy(prod, "PublishMetrics").items()
    }

    assert found == {
        "PublishMetrics": ("Allow", ["airflow:PublishMetrics"], [ENVIRONMENT], None),
        "NoListOfBuckets": ("Deny", ["s3:ListAllMyBuckets"], [SOURCE, f"{SOURCE}/*"], None),
        "ReadSource": (
            "Allow",
            ["s3:GetBucket*", "s3:GetObject*", "s3:List*"],
            [SOURCE, f"{SOURCE}/*"],
            None,
        ),
        "WriteLogs": (
            "Allow",
            [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:GetLogGroupFields",
                "logs:GetLogRecord",
                "logs:GetQueryResults",
                "logs:PutLogEvents",
            ],
            ["arn:aws:logs:eu-west-1:444455556666:log-group:airflow-flights-prod-*"],
            None,
        ),
        "AccountWide": (
            "Allow",
            ["cloudwatch:PutMetricData", "logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock"],
            ["*"],
            None,
        ),
        "CeleryQueue": (
            "Allow",
            [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
                "sqs:SendMessage",
            ],
            [
                {
                    "Fn::If": [
                        "HasCeleryQueueArn",
                        {"Ref": "CeleryQueueArn"},
                        "arn:aws:sqs:eu-west-1:*:airflow-celery-*",
                    ]
                }
            ],
            None,
        ),
        "UseKey": (
            "Allow",
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"],
            [key_import(prod)],
            {"StringLike": {"kms:ViaService": ["sqs.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"]}},
        ),
    }


def test_dags_get_their_data_their_function_and_their_warehouse(prod: SynthesisedEnvironment) -> None:
    (workgroup,) = resources(prod.warehouse, "AWS::RedshiftServerless::Workgroup")
    attribute = {"Fn::GetAtt": [workgroup, "Workgroup.WorkgroupArn"]}
    workgroup_arn = {"Fn::ImportValue": export_name(prod.warehouse, attribute)}
    secret = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:redshift!flights-prod-admin-??????"
    key = key_import(prod)
    published = [f"{DATA}/{place}/*" for place in ("_assets", "lake", "quarantine")]
    kept = [f"{DATA}/{place}/*" for place in ("_assets", "_state", "lake", "quarantine")]
    table = "arn:aws:dynamodb:eu-west-1:444455556666:table/flights-prod-serving"
    permitted = {
        (sid, action): each["Resource"]
        for sid, each in policy(prod, "AssetsRunSql").items()
        for action in each["Action"]
    }

    assert permitted == {
        ("AssetsList", "s3:ListBucket"): [DATA],
        ("AssetsRead", "s3:GetObject"): kept,
        ("AssetsWrite", "s3:AbortMultipartUpload"): kept,
        ("AssetsWrite", "s3:PutObject"): kept,
        ("AssetsDelete", "s3:DeleteObject"): published,
        ("AssetsRunSql", "redshift-data:BatchExecuteStatement"): [workgroup_arn],
        ("AssetsRunSql", "redshift-data:ExecuteStatement"): [workgroup_arn],
        ("AssetsFollowSql", "redshift-data:DescribeStatement"): ["*"],
        ("AssetsFollowSql", "redshift-data:GetStatementResult"): ["*"],
        ("AssetsReadSecret", "secretsmanager:GetSecretValue"): [secret],
        ("AssetsDecryptSecret", "kms:Decrypt"): [key],
        ("NycFlightsInvoke", "lambda:InvokeFunction"): [
            "arn:aws:lambda:eu-west-1:444455556666:function:flights-prod-normalise"
        ],
        ("ReferenceRead", "s3:GetObject"): [
            f"{DATA}/landing/approvals/*",
            f"{DATA}/landing/nyc_flights/*",
            f"{DATA}/landing/on_arrival/*",
            f"{DATA}/landing/quality_gate/*",
            f"{DATA}/normalised/flights_by_file/*",
            f"{DATA}/normalised/nyc_flights/*",
        ],
        ("ReferenceReceive", "sqs:DeleteMessage"): [QUEUE],
        ("ReferenceReceive", "sqs:ReceiveMessage"): [QUEUE],
        ("ReferencePublish", "sns:Publish"): ["arn:aws:sns:eu-west-1:444455556666:flights-prod-warn"],
        ("ReferenceEncryptMessages", "kms:Decrypt"): [key],
        ("ReferenceEncryptMessages", "kms:GenerateDataKey"): [key],
        ("ReferenceItems", "dynamodb:BatchWriteItem"): [table],
        ("ReferenceItems", "dynamodb:Query"): [table],
        ("ReferenceDecryptItems", "kms:Decrypt"): [key],
        ("ReferenceDecryptItems", "kms:DescribeKey"): [key],
    }


@pytest.mark.parametrize(
    ("sid", "service"), [("ReferenceEncryptMessages", "sns"), ("ReferenceDecryptItems", "dynamodb")]
)
def test_key_is_used_through_one_service_alone(prod: SynthesisedEnvironment, sid: str, service: str) -> None:
    condition = policy(prod, sid)[sid]["Condition"]

    assert condition == {"StringEquals": {"kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}}


def test_who_reads_learns_that_an_object_is_not_there(prod: SynthesisedEnvironment) -> None:
    """With a condition on the prefix S3 would deny instead: reading names none."""
    assert "Condition" not in policy(prod, "AssetsList")["AssetsList"]


def test_a_triggerer_may_follow_what_a_worker_began(prod: SynthesisedEnvironment) -> None:
    own = policy(prod, "AssetsFollowSql")["AssetsFollowSql"]

    assert "Condition" not in own


def test_key_opens_the_admin_secret_only_through_secrets_manager(prod: SynthesisedEnvironment) -> None:
    decrypt = policy(prod, "AssetsDecryptSecret")["AssetsDecryptSecret"]

    assert decrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
        "StringLike": {
            "kms:EncryptionContext:SecretARN": [
                "arn:aws:secretsmanager:eu-west-1:444455556666:secret:redshift!flights-prod-admin-??????"
            ]
        },
    }


def test_role_uses_the_one_queue_that_harden_names(prod: SynthesisedEnvironment) -> None:
    queue = "arn:aws:sqs:eu-west-1:999900001111:airflow-celery-0f3c"
    template = prod.environment
    statement = policy(prod, "CeleryQueue")["CeleryQueue"]["Resource"]
    pattern = re.compile(template["Parameters"]["CeleryQueueArn"]["AllowedPattern"])

    assert resolved(template, statement, {}) == ["arn:aws:sqs:eu-west-1:*:airflow-celery-*"]
    assert resolved(template, statement, {"CeleryQueueArn": queue}) == [queue]
    assert all(pattern.fullmatch(each) for each in ("", queue))
    assert not any(
        pattern.fullmatch(each)
        for each in ("*", "arn:aws:sqs:*:*:airflow-celery-*", queue.replace("airflow-celery-0f3c", "orders"))
    )


def test_airflow_reads_secrets_below_its_two_prefixes_alone(continuous: SynthesisedEnvironment) -> None:
    secrets = "arn:aws:secretsmanager:us-east-1:123456789012:secret:airflow"
    reading = policy(continuous, "AirflowReadSecret")["AirflowReadSecret"]
    options = only(continuous.environment, "AWS::MWAA::Environment")["AirflowConfigurationOptions"]

    assert reading["Action"] == ["secretsmanager:GetSecretValue"]
    assert reading["Resource"] == [f"{secrets}/connections/*", f"{secrets}/variables/*"]
    assert options["secrets.backend"] == (
        "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
    )
    assert json.loads(options["secrets.backend_kwargs"]) == {
        "connections_prefix": "airflow/connections",
        "connections_lookup_pattern": "^(?!aws_default$).*$",
        "variables_prefix": "airflow/variables",
        "config_prefix": None,
    }


def test_no_secrets_backend_unless_it_is_configured(prod: SynthesisedEnvironment) -> None:
    options = only(prod.environment, "AWS::MWAA::Environment")["AirflowConfigurationOptions"]

    assert not [each for each in options if each.startswith("secrets.")]
