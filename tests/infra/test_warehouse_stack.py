"""What the warehouse promises."""

from tests.infra.templates import (
    SynthesisedEnvironment,
    as_list,
    key_import,
    only,
    policies,
    properties,
    resources,
)


def test_password_is_made_by_redshift_and_stands_in_no_template(prod: SynthesisedEnvironment) -> None:
    namespace = only(prod.warehouse, "AWS::RedshiftServerless::Namespace")

    assert namespace["ManageAdminPassword"] is True
    assert namespace["AdminUsername"] == "admin"
    assert "AdminUserPassword" not in namespace


def test_namespace_is_encrypted_with_our_key_and_audited(prod: SynthesisedEnvironment) -> None:
    namespace = only(prod.warehouse, "AWS::RedshiftServerless::Namespace")
    (key,) = resources(prod.storage, "AWS::KMS::Key")
    exports = {o["Export"]["Name"]: o["Value"] for o in prod.storage["Outputs"].values() if "Export" in o}

    assert exports[namespace["KmsKeyId"]["Fn::ImportValue"]] == {"Ref": key}
    assert namespace["AdminPasswordSecretKmsKeyId"] == namespace["KmsKeyId"]
    assert sorted(namespace["LogExports"]) == ["connectionlog", "useractivitylog", "userlog"]
    assert namespace["DbName"] == "warehouse"


def test_nothing_can_connect_to_the_workgroup(prod: SynthesisedEnvironment) -> None:
    workgroup = only(prod.warehouse, "AWS::RedshiftServerless::Workgroup")
    group = only(prod.warehouse, "AWS::EC2::SecurityGroup")

    assert workgroup["PubliclyAccessible"] is False
    assert workgroup["EnhancedVpcRouting"] is True
    assert len(workgroup["SubnetIds"]) == 3
    assert "SecurityGroupIngress" not in group
    assert not properties(prod.warehouse, "AWS::EC2::SecurityGroupIngress")


def test_copy_role_is_for_redshift_alone(prod: SynthesisedEnvironment) -> None:
    (statement,) = only(prod.warehouse, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {
        "Service": ["redshift-serverless.amazonaws.com", "redshift.amazonaws.com"]
    }


def test_copy_role_touches_the_data_bucket_and_the_key_alone(prod: SynthesisedEnvironment) -> None:
    data = f"arn:aws:s3:::{prod.config.names.data_bucket}"
    permitted = {
        action: as_list(statement["Resource"])
        for statement in policies(prod.warehouse)
        for action in statement["Action"]
    }

    assert permitted == {
        "s3:ListBucket": [data],
        "s3:GetObject": [f"{data}/_assets/*", f"{data}/lake/*", f"{data}/normalised/*"],
        "s3:AbortMultipartUpload": [f"{data}/lake/*"],
        "s3:DeleteObject": [f"{data}/lake/*"],
        "s3:PutObject": [f"{data}/lake/*"],
        "kms:Decrypt": [key_import(prod)],
        "kms:GenerateDataKey": [key_import(prod)],
    }


def test_workgroup_computes_on_the_namespace(prod: SynthesisedEnvironment) -> None:
    (namespace,) = resources(prod.warehouse, "AWS::RedshiftServerless::Namespace")
    workgroup = only(prod.warehouse, "AWS::RedshiftServerless::Workgroup")

    assert workgroup["NamespaceName"] == {"Ref": namespace}
    assert workgroup["WorkgroupName"] == "flights-prod"
