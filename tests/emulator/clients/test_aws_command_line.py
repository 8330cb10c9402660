"""The AWS CLI, version 1, as it is: its own parameters, its own waiters, its own reading of answers."""

import json
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws_command_line import AwsCommandLine, aws_command_line
from tests.fakes.emulator_process import EmulatorProcess

LONG_AGO = 1_700_000_000
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    ],
}
TEMPLATE = """
Parameters:
  Days: {Type: Number}
Resources:
  Group:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "${AWS::StackName}-group", RetentionInDays: !Ref Days}
Outputs:
  Name: {Value: !Ref Group}
"""


@pytest.fixture(scope="module")
def aws(emulator: EmulatorProcess) -> Iterator[AwsCommandLine]:
    with aws_command_line(emulator.settings) as aws:
        yield aws


def test_s3api_keeps_versions_of_files(aws: AwsCommandLine, tmp_path: Path) -> None:
    body, back = tmp_path / "body", tmp_path / "back"
    aws.text("s3api", "create-bucket", "--bucket", "by-cli")
    aws.text(
        "s3api", "put-bucket-versioning", "--bucket", "by-cli", "--versioning-configuration", "Status=Enabled"
    )
    put = []
    for text in ("one", "two"):
        body.write_text(text, encoding="utf-8")
        put.append(aws.json("s3api", "put-object", "--bucket", "by-cli", "--key", "a/b", "--body", str(body)))

    names = aws.json("s3api", "list-object-versions", "--bucket", "by-cli")["Versions"]
    first = ("--bucket", "by-cli", "--key", "a/b", "--version-id", put[0]["VersionId"])
    aws.text("s3api", "get-object", *first, str(back))
    lacking = aws("s3api", "head-object", "--bucket", "by-cli", "--key", "none")

    assert [each["VersionId"] for each in names] == [put[1]["VersionId"], put[0]["VersionId"]]
    assert back.read_text(encoding="utf-8") == "one"
    assert lacking.code == 255
    assert "An error occurred (404) when calling the HeadObject operation: Not Found" in lacking.stderr


def test_s3_copies_a_tree_in_parts_and_back(aws: AwsCommandLine, tmp_path: Path) -> None:
    source, back = tmp_path / "source", tmp_path / "back"
    source.mkdir()
    (source / "large").write_bytes(b"0123456789" * 900_000)
    (source / "name with blank+plus").write_text("x", encoding="utf-8")
    for each in source.iterdir():  # older than the objects, whose LastModified has no fraction of a second
        os.utime(each, (LONG_AGO, LONG_AGO))
    aws.text("s3", "mb", "s3://tree-by-cli")

    aws.text("s3", "cp", "--recursive", "--quiet", str(source), "s3://tree-by-cli/in")
    aws.text("s3", "sync", "--quiet", "s3://tree-by-cli/in", str(back))
    again = aws.text("s3", "sync", str(source), "s3://tree-by-cli/in")

    large = aws.json("s3api", "head-object", "--bucket", "tree-by-cli", "--key", "in/large")
    assert large["ETag"].strip('"').endswith("-2")
    assert {each.name: each.read_bytes() for each in back.iterdir()} == {
        each.name: each.read_bytes() for each in source.iterdir()
    }
    assert again == ""


def test_logs_are_written_and_filtered(aws: AwsCommandLine) -> None:
    group = ("--log-group-name", "by-cli")
    aws.text("logs", "create-log-group", *group)
    aws.text("logs", "create-log-stream", *group, "--log-stream-name", "s")
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": text} for text in ("fine", "ERROR no")]
    aws.text("logs", "put-log-events", *group, "--log-stream-name", "s", "--log-events", json.dumps(events))

    found = aws.json("logs", "filter-log-events", *group, "--filter-pattern", "ERROR")["events"]
    streams = aws.json("logs", "describe-log-streams", *group)["logStreams"]

    assert [each["message"] for each in found] == ["ERROR no"]
    assert [each["logStreamName"] for each in streams] == ["s"]


def test_lambda_runs_a_function(aws: AwsCommandLine, tmp_path: Path) -> None:
    package, answer = tmp_path / "code.zip", tmp_path / "answer"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(
            "app.py", "def handle(event, context):\n    print('seen')\n    return event['n'] + 1\n"
        )
    role = aws.json(
        "iam", "create-role", "--role-name", "f", "--assume-role-policy-document", json.dumps(TRUST)
    )
    aws.text(
        *("lambda", "create-function", "--function-name", "f", "--runtime", "python3.12"),
        *("--role", role["Role"]["Arn"], "--handler", "app.handle", "--zip-file", f"fileb://{package}"),
    )
    aws.text("lambda", "wait", "function-active-v2", "--function-name", "f")

    called = aws.json(
        *("lambda", "invoke", "--function-name", "f", "--payload", '{"n": 1}', "--log-type", "Tail"),
        str(answer),
    )

    assert (called["StatusCode"], answer.read_text(encoding="utf-8")) == (200, "2")
    assert "FunctionError" not in called
    assert called["LogResult"]


def test_redshift_data_answers_a_statement(aws: AwsCommandLine) -> None:
    aws.text("redshift-serverless", "create-namespace", "--namespace-name", "by-cli")
    aws.text(
        *(
            "redshift-serverless",
            "create-workgroup",
            "--workgroup-name",
            "by-cli",
            "--namespace-name",
            "by-cli",
        )
    )
    while (
        aws.json("redshift-serverless", "get-workgroup", "--workgroup-name", "by-cli")["workgroup"]["status"]
        != "AVAILABLE"
    ):
        pass

    asked = aws.json(
        *("redshift-data", "execute-statement", "--workgroup-name", "by-cli", "--database", "dev"),
        *("--sql", "SELECT :n::int + 1 AS next", "--parameters", "name=n,value=1"),
    )
    while (described := aws.json("redshift-data", "describe-statement", "--id", asked["Id"]))[
        "Status"
    ] not in {"FINISHED", "FAILED", "ABORTED"}:
        pass
    result = aws.json("redshift-data", "get-statement-result", "--id", asked["Id"])

    assert (described["Status"], described["ResultRows"]) == ("FINISHED", 1)
    assert result["Records"] == [[{"longValue": 2}]]
    assert [column["name"] for column in result["ColumnMetadata"]] == ["next"]


def test_cloudformation_deploy_creates_and_finds_no_changes(aws: AwsCommandLine, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE, encoding="utf-8")
    deploy = (
        *("cloudformation", "deploy", "--stack-name", "by-cli", "--template-file", str(template)),
        *("--parameter-overrides", "Days=7"),
    )

    made = aws(*deploy)
    time.sleep(1)  # the CLI names its change sets by the second
    again = aws(*deploy)

    found = aws.json("cloudformation", "describe-stacks", "--stack-name", "by-cli")["Stacks"][0]
    groups = aws.json("logs", "describe-log-groups", "--log-group-name-prefix", "by-cli-group")["logGroups"]
    assert made.code == 0
    assert "Successfully created/updated stack - by-cli" in made.stdout
    assert (again.code, again.stderr.strip()) == (255, "No changes to deploy. Stack by-cli is up to date")
    assert (found["StackStatus"], found["Outputs"][0]["OutputValue"]) == ("CREATE_COMPLETE", "by-cli-group")
    assert groups[0]["retentionInDays"] == 7


def test_mwaa_refuses_in_words_that_the_cli_shows(aws: AwsCommandLine) -> None:
    missing = aws("mwaa", "get-environment", "--name", "none")

    assert aws.json("mwaa", "list-environments") == {"Environments": []}
    assert missing.code == 255
    assert "An error occurred (ResourceNotFoundException) when calling the GetEnvironment" in missing.stderr
