"""A disk without space: the old state stays, what is wrong is said, and the next try with space succeeds."""

import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaactl.emulator.state.checkpoints import SaveError
from tests.fakes.moto_account import MotoAccount

BUCKET = "releases"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes, where this user may mount one."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(tmp_path)], check=False, capture_output=True
    )
    if done.returncode != 0:
        pytest.skip("mounting a file system needs root")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_full_disk_leaves_the_old_state(small_disk: Path) -> None:
    account = MotoAccount(small_disk)
    try:
        s3 = account.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_object(Bucket=BUCKET, Key="small", Body=b"old")
        account.checkpoints().save()
        old = (small_disk / "state" / "snapshot").read_bytes()
        s3.put_object(Bucket=BUCKET, Key="large", Body=bytes(range(256)) * 4096 * 8)

        checkpoints = account.checkpoints()
        with pytest.raises(SaveError, match=rf"\[Errno {errno.ENOSPC}\] No space left on device"):
            checkpoints.save()

        assert "No space left on device" in (checkpoints.status().error or "")
        assert (small_disk / "state" / "snapshot").read_bytes() == old
        assert [path for path in small_disk.rglob(".*") if path.is_file()] == []
        s3.delete_object(Bucket=BUCKET, Key="large")
        checkpoints.save()
        assert checkpoints.status().error is None
        account.restart()
        assert s3.get_object(Bucket=BUCKET, Key="small")["Body"].read() == b"old"
    finally:
        account.close()
