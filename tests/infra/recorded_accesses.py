"""What every role asked for on the emulator; `record_accesses` records it again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

RECORDED = Path(__file__).with_suffix(".jsonl")

type RoleName = Literal["execution", "copy", "normalise", "deploy", "plan"]


@dataclass(frozen=True, slots=True)
class RecordedAccess:
    """One action on one resource, with the condition keys that are its own."""

    role: str
    action: str
    resource: str
    keys: Mapping[str, str | tuple[str, ...]]


def recorded_accesses(role: RoleName) -> list[RecordedAccess]:
    """Return every access of a role once; an end-to-end test shows that they are still asked for."""
    lines = RECORDED.read_text(encoding="utf-8").splitlines()
    return [each for each in (_read(json.loads(line)) for line in lines) if each.role == role]


def _read(fields: dict[str, Any]) -> RecordedAccess:
    keys = {key: tuple(value) if isinstance(value, list) else value for key, value in fields["keys"].items()}
    return RecordedAccess(fields["role"], fields["action"], fields["resource"], keys)
