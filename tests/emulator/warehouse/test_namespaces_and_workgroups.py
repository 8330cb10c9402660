"""The redshift-serverless API, over HTTP with boto3."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes.workgroups import wait_available

if TYPE_CHECKING:
    from tests.emulator.warehouse.conftest import Aws


@pytest.fixture(scope="module")
def serverless(aws: Aws) -> Any:
    return aws.client("redshift-serverless")


def refusal(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_a_managed_password_becomes_a_secret_and_goes_with_the_namespace(aws: Aws, serverless: Any) -> None:
    created = serverless.create_namespace(
        namespaceName="managed", manageAdminPassword=True, adminUsername="boss"
    )
    secret_arn = created["namespace"]["adminPasswordSecretArn"]
    secrets = aws.client("secretsmanager")
    secret = json.loads(secrets.get_secret_value(SecretId=secret_arn)["SecretString"])
    assert secret["username"] == "boss"
    assert len(secret["password"]) >= 8
    assert "secret_password" not in created["namespace"]
    serverless.delete_namespace(namespaceName="managed")
    assert "ResourceNotFoundException" in refusal(secrets.describe_secret, SecretId=secret_arn)
    again = serverless.create_namespace(namespaceName="managed", manageAdminPassword=True)["namespace"]
    assert again["adminUsername"] == "admin"
    serverless.delete_namespace(namespaceName="managed")


def test_the_life_of_a_namespace_and_its_workgroup(serverless: Any) -> None:
    namespace = serverless.create_namespace(
        namespaceName="life",
        dbName="Shop",
        adminUsername="boss",
        adminUserPassword="Secret123",
        logExports=["userlog"],
    )["namespace"]
    assert namespace["status"] == "AVAILABLE"
    assert namespace["dbName"] == "shop"
    assert isinstance(namespace["creationDate"], datetime)
    workgroup = serverless.create_workgroup(
        workgroupName="life-wg",
        namespaceName="life",
        baseCapacity=16,
        subnetIds=["subnet-1", "subnet-2"],
        configParameters=[{"parameterKey": "require_ssl", "parameterValue": "true"}],
    )["workgroup"]
    assert workgroup["status"] in {"CREATING", "AVAILABLE"}
    found = wait_available(serverless, "life-wg")
    assert found["endpoint"]["address"] == "life-wg.123456789012.us-east-1.redshift-serverless.amazonaws.com"
    assert found["endpoint"]["port"] == 5439
    assert found["configParameters"] == [{"parameterKey": "require_ssl", "parameterValue": "true"}]
    assert "ConflictException" in refusal(serverless.delete_namespace, namespaceName="life")
    assert "ConflictException" in refusal(
        serverless.create_workgroup, workgroupName="other", namespaceName="life"
    )
    updated = serverless.update_workgroup(workgroupName="life-wg", baseCapacity=32)["workgroup"]
    assert (updated["status"], updated["baseCapacity"]) == ("MODIFYING", 32)
    assert serverless.delete_workgroup(workgroupName="life-wg")["workgroup"]["status"] == "DELETING"
    assert "ResourceNotFoundException" in refusal(serverless.get_workgroup, workgroupName="life-wg")
    assert serverless.delete_namespace(namespaceName="life")["namespace"]["status"] == "DELETING"
    assert "ResourceNotFoundException" in refusal(serverless.get_namespace, namespaceName="life")


def test_a_namespace_can_change_its_roles_and_password(serverless: Any) -> None:
    serverless.create_namespace(namespaceName="changing", adminUsername="boss", adminUserPassword="Secret123")
    role = "arn:aws:iam::123456789012:role/copy"
    update = serverless.update_namespace
    assert "ValidationException" in refusal(update, namespaceName="changing", defaultIamRoleArn=role)
    assert update(namespaceName="changing", iamRoles=[role], defaultIamRoleArn=role)["namespace"][
        "iamRoles"
    ] == [role]
    managed = update(namespaceName="changing", manageAdminPassword=True)["namespace"]
    assert managed["adminPasswordSecretArn"].startswith("arn:aws:secretsmanager:")
    plain = update(namespaceName="changing", manageAdminPassword=False, adminUserPassword="Secret456")[
        "namespace"
    ]
    assert "adminPasswordSecretArn" not in plain
    serverless.delete_namespace(namespaceName="changing")


def test_names_are_unique_and_lists_have_pages(serverless: Any) -> None:
    names = [f"listed-{number}" for number in range(3)]
    for name in names:
        serverless.create_namespace(namespaceName=name)
    assert "ConflictException" in refusal(serverless.create_namespace, namespaceName=names[0])
    first = serverless.list_namespaces(maxResults=1)
    assert len(first["namespaces"]) == 1
    assert first["nextToken"]
    pages = serverless.get_paginator("list_namespaces").paginate(PaginationConfig={"PageSize": 1})
    found = [item["namespaceName"] for page in pages for item in page["namespaces"]]
    assert set(names) <= set(found)
    for name in names:
        serverless.delete_namespace(namespaceName=name)


def test_tags_follow_the_resource(serverless: Any) -> None:
    arn = serverless.create_namespace(namespaceName="tagged", tags=[{"key": "a", "value": "1"}])["namespace"][
        "namespaceArn"
    ]
    serverless.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    serverless.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert serverless.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]
    serverless.delete_namespace(namespaceName="tagged")
    assert "ResourceNotFoundException" in refusal(serverless.list_tags_for_resource, resourceArn=arn)


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"namespaceName": "Upper"}, "regular expression"),
        (
            {"namespaceName": "weak", "adminUsername": "a", "adminUserPassword": "weakweak"},
            "adminUserPassword",
        ),
        (
            {"namespaceName": "both", "manageAdminPassword": True, "adminUserPassword": "Secret123"},
            "manageAdminPassword",
        ),
        ({"namespaceName": "logs", "logExports": ["everything"]}, "enum value set"),
        ({"namespaceName": "idc", "redshiftIdcApplicationArn": "arn:x"}, "does not model"),
    ],
)
def test_a_namespace_is_validated(serverless: Any, params: dict[str, Any], part: str) -> None:
    message = refusal(serverless.create_namespace, **params)
    assert message.startswith("ValidationException")
    assert part in message


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"baseCapacity": 9}, "Base capacity"),
        ({"port": 80}, "Port"),
        ({"configParameters": [{"parameterKey": "nope", "parameterValue": "1"}]}, "Invalid parameter key"),
        ({"pricePerformanceTarget": {"status": "ENABLED", "level": 50}}, "does not model"),
    ],
)
def test_a_workgroup_is_validated(serverless: Any, params: dict[str, Any], part: str) -> None:
    message = refusal(serverless.create_workgroup, workgroupName="bad", namespaceName="any", **params)
    assert message.startswith("ValidationException")
    assert part in message


def test_a_workgroup_needs_a_namespace(serverless: Any) -> None:
    message = refusal(serverless.create_workgroup, workgroupName="lonely", namespaceName="absent")
    assert message.startswith("ResourceNotFoundException")


def test_credentials_are_temporary_and_only_for_workgroups_that_exist(
    serverless: Any, warehouse: object
) -> None:
    assert warehouse
    given = serverless.get_credentials(workgroupName="flights-local", durationSeconds=900)
    assert given["dbUser"].startswith("IAM")
    assert given["expiration"] > datetime.now(given["expiration"].tzinfo)
    assert "ResourceNotFoundException" in refusal(serverless.get_credentials, workgroupName="absent")


def test_an_operation_that_is_not_modelled_is_named(serverless: Any) -> None:
    message = refusal(serverless.list_snapshots)
    assert (
        message
        == "UnknownOperationException: the emulator does not model ListSnapshots of redshift-serverless"
    )
