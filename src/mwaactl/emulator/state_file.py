"""The record of the running emulator: which process it is, and with which settings it was started."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator.atomic_file import write_atomically
from mwaactl.emulator.process_table import is_running, start_time
from mwaactl.emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from pathlib import Path

STATE_FILE = "emulator.json"


@dataclass(frozen=True, slots=True)
class EmulatorRecord:
    """The process that wrote the state file.

    Attributes:
        pid: Its process id.
        started: Its start in hundredths of a second, which tells it from a later process with the same id.
        settings: What it was started with.
    """

    pid: int
    started: int
    settings: EmulatorSettings

    @property
    def running(self) -> bool:
        """Whether that process still runs."""
        return is_running(self.pid, self.started)


def read_record(state_dir: Path) -> EmulatorRecord | None:
    """Return the record, or None if there is none or it can't be read: a torn file counts as no emulator."""
    try:
        fields = json.loads((state_dir / STATE_FILE).read_text(encoding="utf-8"))
        settings = EmulatorSettings.from_json(json.dumps(fields["settings"]))
        return EmulatorRecord(int(fields["pid"]), int(fields["started"]), settings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_own_record(settings: EmulatorSettings) -> None:
    """Record the calling process as the emulator."""
    pid = os.getpid()
    fields = {"pid": pid, "started": start_time(pid), "settings": json.loads(settings.to_json())}
    write_atomically(settings.state_dir / STATE_FILE, json.dumps(fields, indent=1))


def remove_record(state_dir: Path) -> None:
    """Forget the emulator."""
    (state_dir / STATE_FILE).unlink(missing_ok=True)
