"""What two releases differ in, as text and as JSON."""

import difflib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mwaactl.observed import Release, ReleasedFile
from mwaactl.planner.release_diff import FileChange
from mwaactl.report.actions import count_of

type Contents = Mapping[str, bytes]


def diff_text(before: Release, after: Release, changes: Sequence[FileChange], contents: Contents) -> str:
    """Return the files that differ, a line each, and below each what changed within it.

    Args:
        before: The first release.
        after: The second release.
        changes: What differs.
        contents: Digest to content, for files whose changes are to be shown.
    """
    if not changes:
        return f"{before.id} and {after.id} hold the same files"
    lines = [f"{before.id} → {after.id}: {count_of(len(changes), 'file')}"]
    for each in changes:
        lines.append(f"  {each.kind:<6} {each.key}")
        lines += [f"    {line}" for line in _within(each, contents)] if contents else []
    return "\n".join(lines)


def diff_data(
    before: Release, after: Release, changes: Sequence[FileChange], contents: Contents
) -> dict[str, Any]:
    """Return the files that differ as JSON values."""
    files = [
        {"change": each.kind, "key": each.key, "before": _facts(each.before), "after": _facts(each.after)}
        | ({"diff": list(_within(each, contents))} if contents else {})
        for each in changes
    ]
    return {"before": before.id, "after": after.id, "files": files}


def _within(change: FileChange, contents: Contents) -> Iterator[str]:
    old, new = _content(change.before, contents), _content(change.after, contents)
    if old is None or new is None:
        yield "a version is gone: the bucket does not keep it any more"
    elif change.key.endswith(".zip"):
        yield from _members(old, new)
    else:
        yield from _lines(change.key, old, new)


def _content(file: ReleasedFile | None, contents: Contents) -> bytes | None:
    return contents.get(file.sha256) if file else b""


def _lines(name: str, old: bytes, new: bytes) -> Iterator[str]:
    try:
        before, after = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        yield f"binary: {len(old):,} bytes → {len(new):,} bytes"
        return
    yield from difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")


def _members(old: bytes, new: bytes) -> Iterator[str]:
    """Yield what changed within an archive, member by member."""
    try:
        before, after = _unpacked(old), _unpacked(new)
    except zipfile.BadZipFile:
        yield f"binary: {len(old):,} bytes → {len(new):,} bytes"
        return
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield from _lines(name, before.get(name, b""), after.get(name, b""))


def _unpacked(content: bytes) -> dict[str, bytes]:
    if not content:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _facts(file: ReleasedFile | None) -> dict[str, Any] | None:
    if file is None:
        return None
    return {"sha256": file.sha256, "size": file.size, "version_id": file.version_id}
