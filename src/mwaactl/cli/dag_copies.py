"""Within which time an environment copies what lies in its bucket."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mwaactl.emulator.settings import COPYING, EmulatorSettings
from mwaactl.emulator.state_file import read_record
from mwaactl.executor.gateways import COPY_INTERVAL

if TYPE_CHECKING:
    from pathlib import Path


def copied_within(root: Path, endpoint_url: str | None) -> timedelta:
    """Return after what time an object of the bucket is in Airflow's folder for certain.

    Args:
        root: The project's root.
        endpoint_url: Where the environment is emulated; None for AWS.

    Returns:
        MWAA's time, unless the project's own emulator runs there, which says how often it copies.
    """
    if endpoint_url is None:
        return COPY_INTERVAL
    record = read_record(EmulatorSettings.for_project(root).state_dir)
    if record is None or not record.running or urlsplit(endpoint_url).port != record.settings.port:
        return COPY_INTERVAL
    # The emulator pauses between two copies, and each takes its time.
    return timedelta(seconds=record.settings.sync_interval + COPYING)
