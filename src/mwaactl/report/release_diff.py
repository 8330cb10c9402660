"""What two releases differ in, as text and as JSON."""

import difflib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from typing import Any

from mwaactl.observed import Release, ReleasedFile
from mwaactl.planner.release_diff import FileChange, layout_change
from mwaactl.quotation import quoted
from mwaactl.report.actions import count_of

type Contents = Mapping[str, bytes]

# Lines that are shown of one file: enough to read, and a data file of a gigabyte does not fill the screen.
_MOST_SHOWN = 1000
# Lines that are compared with as many others; the time grows with the square (2 s for 5,000).
_MOST_COMPARED = 5000


def diff_text(
    before: Release, after: Release, changes: Sequence[FileChange], contents: Contents | None
) -> str:
    """Return the files that differ, a line each, and below each what changed within it.

    Args:
        before: The first release, as it was recorded.
        after: The second release.
        changes: What differs, file by file also where the DAGs of one of them lie in an archive.
        contents: Digest to content, for files whose changes are to be shown; None where none are.
    """
    moved = layout_change(before, after)
    said = f"; {moved}" if moved else ""
    if not changes:
        return f"{before.id} and {after.id} hold the same files{said}"
    lines = [f"{before.id} → {after.id}: {count_of(len(changes), 'file')}{said}"]
    for each in changes:
        lines.append(f"  {each.kind:<6} {each.key}")
        if contents is not None:
            lines += [f"    {quoted(line)}" for line in _within(each, contents)]
    return "\n".join(lines)


def diff_data(
    before: Release, after: Release, changes: Sequence[FileChange], contents: Contents | None
) -> dict[str, Any]:
    """Return the files that differ as JSON values."""
    files = [
        {"change": each.kind, "key": each.key, "before": _facts(each.before), "after": _facts(each.after)}
        | ({} if contents is None else {"diff": list(_within(each, contents))})
        for each in changes
    ]
    return {"before": before.id, "after": after.id, "layout": layout_change(before, after), "files": files}


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
    before, after = _text_lines(old), _text_lines(new)
    if before is None or after is None:
        yield f"binary: {len(old):,} bytes → {len(new):,} bytes"
        return
    if before == after and old != new:
        yield f"only line endings: {len(old):,} bytes → {len(new):,} bytes"
    elif min(_differing(before, after)) > _MOST_COMPARED:
        yield f"too much to compare: {len(before):,} lines → {len(after):,} lines"
    else:
        yield from _first(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))


def _differing(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Return how many lines of each text lie between those that both begin and end with."""
    shorter = min(len(before), len(after))
    head = _equal(zip(before, after, strict=False))
    tail = _equal(islice(zip(reversed(before), reversed(after), strict=False), shorter - head))
    return len(before) - head - tail, len(after) - head - tail


def _equal(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _first(lines: Iterator[str]) -> Iterator[str]:
    yield from islice(lines, _MOST_SHOWN)
    if more := sum(1 for _ in lines):
        yield f"… and {more:,} more lines"


def _text_lines(content: bytes) -> list[str] | None:
    """Return the lines of a text, or None for what is none."""
    try:
        return None if b"\0" in content else content.decode().splitlines()
    except UnicodeDecodeError:
        return None


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
    # A file within an archive has no version of its own.
    return {"sha256": file.sha256, "size": file.size, "version_id": file.version_id or None}
