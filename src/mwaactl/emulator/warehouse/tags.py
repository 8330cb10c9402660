"""Tags of namespaces and workgroups, by ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.faults import ServiceFault, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAX_TAGS = 50


class Tags:
    """The tags of every resource.

    Args:
        exists: Whether an ARN names a resource.
    """

    def __init__(self, exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self._items: dict[str, dict[str, str]] = {}

    def all(self) -> dict[str, dict[str, str]]:
        """Return the tags of every resource."""
        return {arn: dict(tags) for arn, tags in list(self._items.items())}

    def install(self, tags: Mapping[str, dict[str, str]]) -> None:
        """Hold what another process held."""
        self._items = dict(tags)

    def of(self, arn: str) -> list[dict[str, str]]:
        """Return the tags of a resource in the API's shape, by key."""
        self._require(arn)
        return [{"key": key, "value": value} for key, value in sorted(self._items.get(arn, {}).items())]

    def add(self, arn: str, tags: Iterable[Mapping[str, Any]]) -> None:
        """Add tags, or change their values."""
        self._require(arn)
        merged = self._items.get(arn, {}) | {tag["key"]: tag["value"] for tag in tags}
        if len(merged) > MAX_TAGS:
            msg = "TooManyTagsException"
            raise ServiceFault(msg, f"A resource can have at most {MAX_TAGS} tags.")
        self._items[arn] = merged

    def remove(self, arn: str, keys: Iterable[str]) -> None:
        """Remove tags; keys that are not set are no error."""
        self._require(arn)
        for key in keys:
            self._items.get(arn, {}).pop(key, None)

    def forget(self, arn: str) -> None:
        """Drop what is known of a resource that was deleted."""
        self._items.pop(arn, None)

    def _require(self, arn: str) -> None:
        if not self._exists(arn):
            msg = f"The resource {arn} wasn't found."
            raise missing(msg)
