"""What the Lambda function promises."""

import ast
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_kms as kms

from infra.arns import Arns
from infra.constructs.normalise_function import SOURCE, NormaliseFunction
from tests.infra.templates import SynthesisedEnvironment, key_import, only, policies, resources


def function(environment: SynthesisedEnvironment) -> dict[str, Any]:
    return only(environment.functions, "AWS::Lambda::Function")


def test_function_runs_the_handler_that_stands_in_its_source(
    prod: SynthesisedEnvironment, project_root: Path
) -> None:
    module, name = function(prod)["Handler"].split(".")
    source = (project_root / "functions" / "normalise" / f"{module}.py").read_text()

    assert name in {each.name for each in ast.parse(source).body if isinstance(each, ast.FunctionDef)}
    assert function(prod)["Runtime"] == "python3.12"
    assert function(prod)["FunctionName"] == "flights-prod-normalise"


def test_function_touches_its_own_prefixes_alone(prod: SynthesisedEnvironment) -> None:
    data = f"arn:aws:s3:::{prod.config.names.data_bucket}"
    (log_group,) = resources(prod.functions, "AWS::Logs::LogGroup")
    log_group_arn = {"Fn::GetAtt": [log_group, "Arn"]}
    permitted = {
        action: statement["Resource"]
        for statement in policies(prod.functions)
        for action in statement["Action"]
    }

    assert permitted == {
        "s3:GetObject": [f"{data}/landing/*"],
        "s3:AbortMultipartUpload": [f"{data}/normalised/*", f"{data}/quarantine/*"],
        "s3:PutObject": [f"{data}/normalised/*", f"{data}/quarantine/*"],
        "kms:Decrypt": [key_import(prod)],
        "kms:GenerateDataKey": [key_import(prod)],
        "logs:CreateLogStream": [log_group_arn],
        "logs:PutLogEvents": [log_group_arn],
    }


def test_function_writes_to_an_encrypted_log_group_that_expires(prod: SynthesisedEnvironment) -> None:
    (logical_id,) = resources(prod.functions, "AWS::Logs::LogGroup")
    log_group = only(prod.functions, "AWS::Logs::LogGroup")

    assert function(prod)["LoggingConfig"] == {"LogGroup": {"Ref": logical_id}}
    assert log_group["LogGroupName"] == "/aws/lambda/flights-prod-normalise"
    assert log_group["RetentionInDays"] == 90
    assert log_group["KmsKeyId"] == key_import(prod)


def test_function_role_is_for_lambda_alone(prod: SynthesisedEnvironment) -> None:
    (statement,) = only(prod.functions, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_compiled_files_do_not_change_what_is_deployed(prod: SynthesisedEnvironment, tmp_path: Path) -> None:
    source = tmp_path / "normalise"
    (source / "__pycache__").mkdir(parents=True)
    (source / "__pycache__" / "handler.cpython-312.pyc").write_bytes(b"compiled")
    for file in SOURCE.glob("*.py"):
        (source / file.name).write_bytes(file.read_bytes())

    app = App(outdir=str(tmp_path / "out"), analytics_reporting=False)
    stack = Stack(app, "functions", env=Environment(account="444455556666", region="eu-west-1"))
    NormaliseFunction(
        stack, "Normalise", arns=Arns(prod.config.names), key=kms.Key(stack, "Key"), source=source
    )
    app.synth()

    (asset,) = (each.name for each in (tmp_path / "out").glob("asset.*"))
    (deployed,) = (each.name for each in prod.outdir.glob("asset.*"))
    assert asset == deployed
