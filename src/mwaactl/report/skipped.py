"""What lies in the project's folders and is not shipped, by reason, as text and as JSON."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mwaactl.project.found_file import Skipped

SHOWN = 3
# What every working tree holds comes last: nobody looks for it.
_EXPECTED = ("belongs to version control", "belongs to an editor or the desktop", "is a log", "is a cache")


def skipped_text(skipped: Sequence[Skipped]) -> str:
    """Return what is left out for reading: a line for each reason, with some of the paths.

    Args:
        skipped: In any order.

    Returns:
        Lines without a newline at the end; nothing at all where nothing is left out.
    """
    if not skipped:
        return ""
    groups = _by_reason(skipped)
    lines = (f"  {reason}: {_paths(paths)}" for reason, paths in groups.items())
    what = "file or folder" if len(skipped) == 1 else "files or folders"
    return "\n".join([f"left out {len(skipped)} {what}", *lines])


def skipped_data(skipped: Sequence[Skipped]) -> list[dict[str, Any]]:
    """Return what is left out as JSON values: each reason with all its paths."""
    return [{"reason": reason, "paths": list(paths)} for reason, paths in _by_reason(skipped).items()]


def _by_reason(skipped: Sequence[Skipped]) -> Mapping[str, Sequence[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for each in sorted(skipped, key=lambda each: each.path):
        groups[each.reason].append(each.path)
    return {reason: groups[reason] for reason in sorted(groups, key=_place)}


def _place(reason: str) -> tuple[int, str]:
    return (_EXPECTED.index(reason) + 1 if reason in _EXPECTED else 0, reason)


def _paths(paths: Sequence[str]) -> str:
    shown, more = paths[:SHOWN], len(paths) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
