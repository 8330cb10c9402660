"""Constructs in somebody else's app: made from plain values, without this project's configuration."""

from typing import Any

import pytest
from aws_cdk import App, Environment, Stack, Validations
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks

from infra.app import new_app
from infra.constructs.backend_secret import BackendSecret, Rotation
from infra.constructs.deploy_role import DeploymentBoundary, DeployRole, PlanRole, Workflow
from infra.constructs.deployment_statements import DeploymentTarget
from infra.constructs.execution_role import ExecutionRole, RoleScope
from infra.constructs.pipeline_policy import PipelinePolicy
from tests.infra.templates import only, policies, properties, statements

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f3c1c6e-52a4-4bb4-9f0a-6a4d3a7a1f55"
PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
TARGET = DeploymentTarget(
    "orders",
    "111122223333",
    "eu-west-1",
    "orders-source",
    KEY,
    "orders",
    "orders-network",
    ("orders", "orders-network"),
)
TURN = "arn:aws:lambda:eu-west-1:111122223333:function:turn"
ISSUER = "token.actions.githubusercontent.com"


@pytest.fixture
def stack(tmp_path: Any) -> Stack:
    app: App = new_app(tmp_path)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return Stack(app, "theirs", env=Environment(account="111122223333", region="eu-west-1"))


def template_of(stack: Stack) -> dict[str, Any]:
    return dict(Template.from_stack(stack).to_json())


def execution(stack: Stack) -> ExecutionRole:
    scope = RoleScope("orders", "111122223333", "eu-west-1", "orders-source", KEY)
    return ExecutionRole(stack, "Execution", role_scope=scope)


def test_role_without_a_queue_may_use_what_mwaa_documents(stack: Stack) -> None:
    execution(stack)
    found = statements(only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"])

    assert found["CeleryQueue"]["Resource"] == ["arn:aws:sqs:eu-west-1:*:airflow-celery-*"]
    assert len(found) == 7


def test_no_policy_is_made_while_no_pipeline_declares_anything(stack: Stack) -> None:
    PipelinePolicy(stack, "Pipelines", role=execution(stack).role).pipeline("orders")

    assert len(properties(template_of(stack), "AWS::IAM::Policy")) == 1


def test_pipelines_land_in_one_policy(stack: Stack) -> None:
    policy = PipelinePolicy(stack, "Declared", role=execution(stack).role)
    orders, exports = policy.pipeline("daily-orders"), policy.pipeline("exports")
    orders.grant_read("lake", "orders")
    orders.grant_write("lake", "orders/done", "orders/failed")
    orders.grant_delete("lake", "orders/open")
    orders.grant_copy(("lake", "orders"), ("archive", "2026"))
    exports.grant_invoke("arn:aws:lambda:eu-west-1:111122223333:function:export")
    made = template_of(stack)
    declared = {each["Sid"]: each for each in policies(made) if each["Sid"].startswith(("Daily", "Exports"))}

    assert len(properties(made, "AWS::IAM::Policy")) == 2
    assert {sid: (each["Action"], each["Resource"]) for sid, each in declared.items()} == {
        "DailyOrdersRead": (["s3:GetObject"], ["arn:aws:s3:::lake/orders/*"]),
        "DailyOrdersWrite": (
            ["s3:AbortMultipartUpload", "s3:PutObject"],
            ["arn:aws:s3:::lake/orders/done/*", "arn:aws:s3:::lake/orders/failed/*"],
        ),
        "DailyOrdersDelete": (["s3:DeleteObject"], ["arn:aws:s3:::lake/orders/open/*"]),
        "DailyOrdersCopyFrom": (["s3:GetObject", "s3:GetObjectTagging"], ["arn:aws:s3:::lake/orders/*"]),
        "DailyOrdersCopyTo": (
            ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectTagging"],
            ["arn:aws:s3:::archive/2026/*"],
        ),
        "ExportsInvoke": (
            ["lambda:InvokeFunction"],
            ["arn:aws:lambda:eu-west-1:111122223333:function:export"],
        ),
    }


def trust_of(made: dict[str, Any], description: str) -> dict[str, Any]:
    [role] = [
        each for each in properties(made, "AWS::IAM::Role") if each["Description"].startswith(description)
    ]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {"Federated": PROVIDER}
    trusted: dict[str, Any] = statement["Condition"]
    return trusted


def test_only_the_named_repository_branch_and_environment_may_deploy(stack: Stack) -> None:
    workflow = Workflow("shop/orders", "main", "production", PROVIDER)
    boundary = DeploymentBoundary(stack, "Boundary", target=TARGET).policy
    PlanRole(stack, "Plan", target=TARGET, workflow=workflow, boundary=boundary)
    DeployRole(stack, "Deploy", target=TARGET, workflow=workflow, boundary=boundary)
    made = template_of(stack)

    assert trust_of(made, "Deploys") == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": "repo:shop/orders:environment:production",
            f"{ISSUER}:ref": "refs/heads/main",
        }
    }
    assert trust_of(made, "Plans") == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": "repo:shop/orders:pull_request",
        }
    }
    assert all("PermissionsBoundary" in each for each in properties(made, "AWS::IAM::Role"))
    assert "sts:AssumeRole" not in [action for each in policies(made) for action in each["Action"]]


@pytest.mark.parametrize("rotation", [None, Rotation(TURN, 7)])
def test_secret_is_encrypted_kept_and_rotated_if_asked(stack: Stack, rotation: Rotation | None) -> None:
    BackendSecret(stack, "Lake", name="airflow/connections/lake", key_arn=KEY, rotation=rotation)
    made = template_of(stack)
    [secret] = [each for each in made["Resources"].values() if each["Type"] == "AWS::SecretsManager::Secret"]
    rules = [each["RotationRules"] for each in properties(made, "AWS::SecretsManager::RotationSchedule")]

    assert secret["Properties"] == {"Name": "airflow/connections/lake", "KmsKeyId": KEY}
    assert secret["DeletionPolicy"] == "RetainExceptOnCreate"
    assert rules == ([] if rotation is None else [{"AutomaticallyAfterDays": 7}])
