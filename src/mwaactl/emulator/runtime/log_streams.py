"""CloudWatch log streams of an environment: names as on MWAA, events in batches that PutLogEvents takes."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import InputLogEventTypeDef

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
_MOST_EVENTS = 10_000
_MOST_BYTES = 1_000_000
_EVENT_OVERHEAD = 26
_LONGEST_EVENT = 256_000


def stream_name(prefix: str, started: float) -> str:
    """Return a component's stream: `{prefix}_{host}_{epoch}.log`."""
    return f"{prefix}_{socket.gethostname()}_{int(started)}.log"


class LogStreams:
    """Writes to the log groups of one environment.

    Args:
        logs: A boto3 CloudWatch Logs client.
        environment: The environment's name.
    """

    def __init__(self, logs: CloudWatchLogsClient, environment: str) -> None:
        self._logs = logs
        self._environment = environment
        self._known: set[tuple[str, str]] = set()
        self._lock = Lock()

    def put(self, kind: str, stream: str, lines: Sequence[str]) -> None:
        """Append lines to a stream of the group of that kind; both are made if missing.

        Args:
            kind: DAGProcessing, Scheduler, Task, WebServer or Worker.
            stream: The stream's name.
            lines: One event each; empty ones are left out.

        Raises:
            ClientError, BotoCoreError: If CloudWatch Logs refuses them or can't be reached.
        """
        group = f"airflow-{self._environment}-{kind}"
        events = [line for line in lines if line.strip()]
        if events:
            self._ensure(group, stream)
        for batch in _batches(events):
            now = int(time.time() * 1000)
            entries: list[InputLogEventTypeDef] = [
                {"timestamp": now, "message": message} for message in batch
            ]
            self._logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=entries)

    def try_put(self, kind: str, stream: str, lines: Sequence[str]) -> bool:
        """Do as `put`, but only tell whether it went well: logging never stops what is logged."""
        try:
            self.put(kind, stream, lines)
        except (ClientError, BotoCoreError):
            with self._lock:
                self._known.clear()
            return False
        return True

    def _ensure(self, group: str, stream: str) -> None:
        with self._lock:
            if (group, stream) in self._known:
                return
            with _existing_is_fine():
                self._logs.create_log_group(logGroupName=group)
            with _existing_is_fine():
                self._logs.create_log_stream(logGroupName=group, logStreamName=stream)
            self._known.add((group, stream))


@contextmanager
def _existing_is_fine() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise


def _batches(lines: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for line in (line[: _LONGEST_EVENT // 4] for line in lines):
        weight = len(line.encode()) + _EVENT_OVERHEAD
        if batch and (len(batch) == _MOST_EVENTS or size + weight > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += weight
    if batch:
        yield batch
