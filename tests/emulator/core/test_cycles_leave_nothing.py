"""Buckets, objects, stacks, functions and warehouses, made and deleted over and over in one process."""

import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil

from mwaactl.emulator.state.save_request import ask_to_save
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.stack_driver import StackDriver, declare

OBJECTS, SIZE = 12, 1_000_000
WARM_UP, CYCLES = 2, 4
SLACK_MB = 20  # 4 cycles of 12 objects are 48 MB
CODE = "def handle(event, context):\n    return event\n"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    ],
}


@dataclass(frozen=True, slots=True)
class Held:
    """What the emulator's process holds."""

    children: int
    ports: int
    files: int
    threads: int
    left_on_disk: int
    megabytes: float


def test_cycles_of_resources_leak_nothing(emulator: EmulatorProcess) -> None:
    for number in range(WARM_UP):
        cycle(emulator.aws, number)
    before = held(emulator)

    for number in range(WARM_UP, WARM_UP + CYCLES):
        cycle(emulator.aws, number)
    after = settled(emulator, before)

    assert after.ports == before.ports
    assert after.children <= before.children
    assert after.files <= before.files + 2  # connections of this test's clients may come and go
    assert after.threads <= before.threads + 2
    assert after.left_on_disk <= before.left_on_disk
    assert after.megabytes < before.megabytes + SLACK_MB


def cycle(aws: Callable[[str], Any], number: int) -> None:
    """Make everything, change something, delete everything."""
    name = f"cycle-{number}"
    s3, stacks = aws("s3"), StackDriver(aws("cloudformation"), name)
    made = stacks.create(resources(name))
    assert made["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    for each in range(OBJECTS):
        s3.put_object(Bucket=name, Key=str(each), Body=os.urandom(SIZE))
    upload = s3.create_multipart_upload(Bucket=name, Key="parts")["UploadId"]
    s3.upload_part(Bucket=name, Key="parts", UploadId=upload, PartNumber=1, Body=os.urandom(SIZE))
    s3.abort_multipart_upload(Bucket=name, Key="parts", UploadId=upload)
    call_function(aws, name)
    assert stacks.update(resources(name, days=14))["StackStatus"] == "UPDATE_COMPLETE"
    for version in s3.list_object_versions(Bucket=name)["Versions"]:
        s3.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE"


def resources(name: str, days: int = 7) -> dict[str, Any]:
    enabled = {"Status": "Enabled"}
    return {
        "Bucket": declare("AWS::S3::Bucket", BucketName=name, VersioningConfiguration=enabled),
        "Role": declare("AWS::IAM::Role", RoleName=name, AssumeRolePolicyDocument=TRUST),
        "Group": declare("AWS::Logs::LogGroup", LogGroupName=name, RetentionInDays=days),
        "Vpc": declare("AWS::EC2::VPC", CidrBlock="10.3.0.0/16"),
    }


def call_function(aws: Callable[[str], Any], name: str) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", CODE)
    functions = aws("lambda")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=f"arn:aws:iam::123456789012:role/{name}",
        Handler="app.handle",
        Code={"ZipFile": package.getvalue()},
    )
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(name))
    assert json.loads(answer["Payload"].read()) == name
    functions.delete_function(FunctionName=name)
    aws("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")


def settled(emulator: EmulatorProcess, before: Held) -> Held:
    """Look until nothing more is on its way out, for a while."""
    deadline = time.monotonic() + 10
    while True:
        found = held(emulator)
        quiet = found.left_on_disk <= before.left_on_disk and found.children <= before.children
        if quiet or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def held(emulator: EmulatorProcess) -> Held:
    # What earlier tests have left in memory lies on disk only then.
    assert ask_to_save(emulator.settings.endpoint_url) is None
    process = psutil.Process(emulator.status().pid)
    bodies = emulator.settings.state_dir / "state" / "objects"
    return Held(
        children=len(process.children(recursive=True)),
        ports=sum(each.status == psutil.CONN_LISTEN for each in process.net_connections("tcp")),
        files=process.num_fds(),
        threads=process.num_threads(),
        left_on_disk=sum(1 for path in bodies.rglob("*") if path.is_file()),
        megabytes=process.memory_info().rss / 2**20,
    )
