"""What the execution role asked for on the emulator while the project was deployed and its pipeline ran."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from mwaactl.emulator.iam.templates import Values

RECORDED = Path(__file__).with_name("pipeline_accesses.yaml")


@dataclass(frozen=True, slots=True)
class RecordedAccess:
    """One action on one resource, with the condition keys that are its own."""

    action: str
    resource: str
    keys: "Values" = field(default_factory=lambda: MappingProxyType({}))


def recorded_accesses() -> list[RecordedAccess]:
    """Return every access once; a test with the real Airflow shows that these actions are still asked for."""
    return list(_read(yaml.safe_load(RECORDED.read_text(encoding="utf-8"))))


def _read(listed: list[dict[str, Any]]) -> Iterator[RecordedAccess]:
    for each in listed:
        keys = each.get("keys", {}).items()
        several = {key: tuple(value) if isinstance(value, list) else value for key, value in keys}
        yield RecordedAccess(each["action"], each["resource"], several)
