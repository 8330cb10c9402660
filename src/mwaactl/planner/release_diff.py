"""What two releases differ in, by the digests that they recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.observed import Release, ReleasedFile


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs between two releases.

    Attributes:
        key: Its key in the bucket.
        before: As the first release has it; None if it does not.
        after: As the second release has it; None if it does not.
    """

    key: str
    before: ReleasedFile | None
    after: ReleasedFile | None

    @property
    def kind(self) -> str:
        """`create`, `change` or `delete`."""
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "change"


def diff_releases(before: Release, after: Release) -> tuple[FileChange, ...]:
    """Return the files that differ, by key."""
    keys = {each.key for each in (*before.files, *after.files)}
    pairs = ((key, before.file(key), after.file(key)) for key in sorted(keys))
    return tuple(FileChange(key, old, new) for key, old, new in pairs if _digest(old) != _digest(new))


def layout_change(before: Release, after: Release) -> str | None:
    """Return in words how the DAGs lie in the second release, where that is not how they do in the first."""
    old, new = _archive(before), _archive(after)
    if (old is None) == (new is None):
        return None
    return "the DAGs lie in single files now" if new is None else f"the DAGs lie in the archive `{new}` now"


def _archive(release: Release) -> str | None:
    return next((each.key for each in release.files if each.holds), None)


def _digest(file: ReleasedFile | None) -> str | None:
    return file.sha256 if file else None
