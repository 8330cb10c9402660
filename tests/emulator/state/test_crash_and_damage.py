"""What a kill, damaged files and another version leave: the state of a moment before, or a clear word."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from mwaactl.emulator import control
from mwaactl.emulator.state.snapshot_file import describe, write_snapshot
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.moto_account import MotoAccount

BUCKET = "releases"
WRITERS = 4
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}}
LAKE = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lake"}}
TEMPLATE = json.dumps({"Resources": {"Lake": LAKE, "Alerts": TOPIC}})


def test_kill_in_the_middle_of_writes_leaves_whole_objects_and_stacks_only(
    own_emulator: EmulatorProcess,
) -> None:
    own_emulator.up()
    s3 = own_emulator.aws("s3")
    described = create_stack(own_emulator)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key="early", Body=b"0")
    await_snapshot(own_emulator)
    with writers(s3) as written:
        await_snapshot(own_emulator)
        kill(own_emulator)

    own_emulator.up()

    assert s3.get_object(Bucket=BUCKET, Key="early")["Body"].read() == b"0"
    whole_versions(s3, written)
    whole_stack(own_emulator, described)


def whole_versions(s3: Any, written: dict[str, bytes]) -> None:
    """Compare the newest versions of each key with what was written: the kill may have hit those."""
    for number in range(WRITERS):
        versions = s3.list_object_versions(Bucket=BUCKET, Prefix=f"k{number}", MaxKeys=60)["Versions"]
        assert len(versions) > 1
        for version in versions:
            got = s3.get_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
            body = got["Body"].read()
            tags = s3.get_object_tagging(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
            assert body == written.get(version["VersionId"], body)
            assert tags["TagSet"] == [{"Key": "size", "Value": str(len(body))}]


@contextmanager
def writers(s3: Any) -> Iterator[dict[str, bytes]]:
    """Write versions with tags from some threads until the emulator is gone."""
    written: dict[str, bytes] = {}

    def write(number: int) -> None:
        for count in range(10_000):
            body = f"{number}-{count}".encode() * (1 + count % 500)
            tagging = f"size={len(body)}"
            try:
                put = s3.put_object(Bucket=BUCKET, Key=f"k{number}", Body=body, Tagging=tagging)
            except (BotoCoreError, ClientError):
                return
            written[put["VersionId"]] = body

    with ThreadPoolExecutor(WRITERS) as pool:
        for number in range(WRITERS):
            pool.submit(write, number)
        yield written


def create_stack(emulator: EmulatorProcess) -> Any:
    """Create a stack, and return its resources."""
    cloudformation = emulator.aws("cloudformation")
    cloudformation.create_stack(StackName="storage", TemplateBody=TEMPLATE)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="storage", WaiterConfig={"Delay": 1})
    return cloudformation.describe_stack_resources(StackName="storage")["StackResources"]


def whole_stack(emulator: EmulatorProcess, described: Any) -> None:
    """Compare a stack's resources with those of before, try to update it, and delete it."""
    cloudformation = emulator.aws("cloudformation")
    assert cloudformation.describe_stack_resources(StackName="storage")["StackResources"] == described
    with pytest.raises(ClientError, match="No updates are to be performed"):
        cloudformation.update_stack(StackName="storage", TemplateBody=TEMPLATE)
    cloudformation.delete_stack(StackName="storage")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="storage", WaiterConfig={"Delay": 1})
    assert emulator.aws("sns").list_topics()["Topics"] == []


def test_emulator_starts_over_a_damaged_state_and_says_where_it_lies_and_a_fresh_one_forgets(
    own_emulator: EmulatorProcess,
) -> None:
    account = MotoAccount(own_emulator.settings.state_dir)
    account.client("s3").create_bucket(Bucket=BUCKET)
    account.checkpoints().save()
    account.close()
    lose_a_byte(account)

    found = own_emulator.up()

    assert found.state is not None
    assert found.state.set_aside is not None
    aside = Path(found.state.set_aside.path)
    assert (aside / "state" / "snapshot").exists()
    assert "is damaged: its content is not what was written" in own_emulator.said[-2]
    assert own_emulator.said[-1] == f"it lies in `{aside}` now; `mwaactl deploy` builds everything again"
    assert BUCKET not in names(own_emulator.aws("s3"))
    forget(own_emulator)


def forget(emulator: EmulatorProcess) -> None:
    """Start a fresh emulator in the place of one that runs."""
    emulator.aws("s3").create_bucket(Bucket=BUCKET)
    first = emulator.status().pid

    found = control.up(emulator.settings, emulator.said.append, fresh=True)

    assert found.pid != first
    assert found.state is not None
    assert found.state.restored is None
    assert BUCKET not in names(emulator.aws("s3"))


def names(s3: Any) -> list[str]:
    return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def kill(emulator: EmulatorProcess) -> None:
    pid = emulator.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while emulator.status().running:
        time.sleep(0.05)


def await_snapshot(emulator: EmulatorProcess) -> None:
    """Return when a snapshot has been written after this moment."""
    begun, deadline = datetime.now(UTC), time.monotonic() + 60
    while time.monotonic() < deadline:
        state = emulator.status().state
        if state and state.written_at and state.written_at > begun:
            return
        time.sleep(0.1)
    pytest.fail("no snapshot was written")


@pytest.fixture
def kept(account: MotoAccount) -> MotoAccount:
    account.client("s3").create_bucket(Bucket=BUCKET)
    account.client("s3").put_object(Bucket=BUCKET, Key="k", Body=b"body")
    account.checkpoints().save()
    account.forget()
    return account


def set_aside(account: MotoAccount) -> str:
    """Restore, and return why the state was set aside; all of it must lie in one place."""
    checkpoints = account.checkpoints()
    checkpoints.restore()
    aside = checkpoints.status().set_aside
    assert aside is not None
    assert (Path(aside.path) / "state" / "snapshot").exists()
    assert not (account.state_dir / "state").exists()
    assert names(account.client("s3")) == []
    return aside.reason


def lose_a_byte(account: MotoAccount) -> Path:
    """Damage what an account has written; return the file."""
    snapshot = account.state_dir / "state" / "snapshot"
    snapshot.write_bytes(snapshot.read_bytes()[:-1])
    return snapshot


def test_snapshot_that_lost_a_byte_is_set_aside(kept: MotoAccount) -> None:
    snapshot = lose_a_byte(kept)

    assert set_aside(kept) == f"`{snapshot}` is damaged: its content is not what was written"


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"\x80\x05", b"[]\nx"])
def test_file_that_is_no_snapshot_is_set_aside(kept: MotoAccount, content: bytes) -> None:
    (kept.state_dir / "state" / "snapshot").write_bytes(content)

    assert set_aside(kept).startswith("it is damaged: its first line cannot be read")


@pytest.mark.parametrize("body", [None, b"bod"])
def test_missing_body_is_named(kept: MotoAccount, body: bytes | None) -> None:
    (path,) = [each for each in (kept.state_dir / "state" / "objects").rglob("*") if each.is_file()]
    path.unlink()
    if body is not None:
        path.write_bytes(body)

    assert "of `releases/k` is missing or cut short" in set_aside(kept)


def test_state_of_another_moto_is_set_aside(kept: MotoAccount) -> None:
    change_header(kept, moto="5.0.0")

    assert set_aside(kept).startswith("it was written with moto 5.0.0, and this is moto ")


def test_state_of_another_format_is_set_aside(kept: MotoAccount) -> None:
    change_header(kept, format=0)

    assert set_aside(kept).startswith("it has the format 0, and this version of mwaactl reads the format ")


def change_header(account: MotoAccount, **changes: object) -> None:
    snapshot = account.state_dir / "state" / "snapshot"
    header, _, graph = snapshot.read_bytes().partition(b"\n")
    snapshot.write_bytes(json.dumps(json.loads(header) | changes).encode() + b"\n" + graph)


def test_graph_that_names_a_dangerous_function_is_not_run(kept: MotoAccount, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    snapshot = kept.state_dir / "state" / "snapshot"
    graph = f"cos\nsystem\n(S'touch {mark}'\ntR.".encode()
    from mwaactl.emulator.state.inventory import Inventory

    write_snapshot(snapshot, describe(graph, Inventory(), (), datetime.now(UTC)), graph)

    assert set_aside(kept) == "it names `os.system`"
    assert not mark.exists()
