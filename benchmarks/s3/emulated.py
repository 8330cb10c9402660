"""Starts the server of the benchmark, and asks it what it saw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import boto3

from benchmarks.root import ROOT
from benchmarks.s3.server import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PORT = 4791
PATIENCE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class EmulatedS3:
    """S3 in a process of its own.

    Attributes:
        url: Where it answers.
    """

    url: str = f"http://127.0.0.1:{PORT}"

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables with which any program for AWS talks to it."""
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": self.url,
            "S3_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "emulator",
            "AWS_SECRET_ACCESS_KEY": "emulator",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def make_bucket(self, name: str) -> None:
        """Forget everything, and make a bucket as the storage stack makes it."""
        self._ask("empty")
        client = self.client()
        client.create_bucket(Bucket=name)
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        self.taken_counts()

    def taken_counts(self) -> Mapping[str, int]:
        """Return how many requests there were since the last call, by method, and the most at once."""
        counts: Mapping[str, int] = json.loads(self._ask("counts"))
        return counts

    def plant(self, bucket: str, prefix: str, folder: Path) -> None:
        """Put the files of a folder into a bucket, as if they had been uploaded."""
        self._ask("plant", bucket=bucket, prefix=prefix, folder=str(folder))

    def client(self) -> Any:  # noqa: ANN401  typed by what is called on it
        """Return boto3 as it comes."""
        session = boto3.Session("emulator", "emulator", region_name="us-east-1")
        return session.client("s3", endpoint_url=self.url)

    def _ask(self, page: str, **query: str) -> bytes:
        with urlopen(f"{self.url}{PREFIX}{page}?{urlencode(query)}") as answer:  # noqa: S310  our own address
            content: bytes = answer.read()
            return content


@contextmanager
def emulated_s3(latency: float, folder: Path) -> Iterator[EmulatedS3]:
    """Start a server, and end it afterwards.

    Args:
        latency: Seconds that every request is on its way.
        folder: Where it keeps its files.
    """
    command = [sys.executable, "-m", "benchmarks.s3.server", str(PORT), str(latency), str(folder)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            s3 = EmulatedS3()
            _await(s3, process)
            yield s3
        finally:
            process.terminate()


def _await(s3: EmulatedS3, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            s3.taken_counts()
        except URLError:
            time.sleep(0.1)
        else:
            return
    message = f"the server does not answer at {s3.url}"
    raise TimeoutError(message)
