"""The execution role: exactly what MWAA documents, and exactly what the DAGs need."""

import json
import re
from typing import Any

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
    permitted = {
        (sid, action): each["Resource"]
        for sid, each in policy(prod, "NycFlightsRunSql").items()
        for action in each["Action"]
    }

    assert permitted == {
        ("NycFlightsList", "s3:ListBucket"): [DATA],
        ("NycFlightsInvoke", "lambda:InvokeFunction"): [
            "arn:aws:lambda:eu-west-1:444455556666:function:flights-prod-normalise"
        ],
        ("NycFlightsRunSql", "redshift-data:BatchExecuteStatement"): [workgroup_arn],
        ("NycFlightsFollowSql", "redshift-data:DescribeStatement"): ["*"],
        ("NycFlightsFollowSql", "redshift-data:GetStatementResult"): ["*"],
        ("NycFlightsReadSecret", "secretsmanager:GetSecretValue"): [secret],
        ("NycFlightsDecryptSecret", "kms:Decrypt"): [key_import(prod)],
    }


def test_dags_list_their_own_landing_prefix_alone(prod: SynthesisedEnvironment) -> None:
    listing = policy(prod, "NycFlightsList")["NycFlightsList"]

    assert listing["Condition"] == {
        "StringLike": {"s3:prefix": ["landing/nyc_flights", "landing/nyc_flights/*"]}
    }


def test_a_triggerer_may_follow_what_a_worker_began(prod: SynthesisedEnvironment) -> None:
    own = policy(prod, "NycFlightsFollowSql")["NycFlightsFollowSql"]

    assert "Condition" not in own


def test_key_opens_the_admin_secret_only_through_secrets_manager(prod: SynthesisedEnvironment) -> None:
    decrypt = policy(prod, "NycFlightsDecryptSecret")["NycFlightsDecryptSecret"]

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
