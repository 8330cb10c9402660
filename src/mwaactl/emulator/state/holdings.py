"""Counts what a state holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.s3.models import FakeDeleteMarker, S3Backend

from mwaactl.emulator.state.inventory import Inventory

if TYPE_CHECKING:
    from collections.abc import Mapping


def holdings(root: Mapping[str, Any]) -> Inventory:
    """Return the numbers of a state as it is written or read back."""
    backends = [each for members in root["moto"].values() for each in members.values()]
    buckets = [
        bucket for each in backends if isinstance(each, S3Backend) for bucket in list(each.buckets.values())
    ]
    versions = (each for bucket in buckets for found in dict(bucket.keys).values() for each in found)
    return Inventory(
        buckets=len(buckets),
        objects=sum(not isinstance(each, FakeDeleteMarker) for each in versions),
        stacks=sum(
            stack.status != "DELETE_COMPLETE"
            for kept in root.get("cloudformation", {}).values()
            for stack in list(kept.stacks.values())
        ),
        environments=len(root.get("mwaa", ())),
    )
