"""Releases, and the lock over them, as text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from mwaactl.executor.lock.acquire import Held
from mwaactl.executor.lock.lease import LEASE
from mwaactl.executor.release_history import UnreadableRelease
from mwaactl.observed import Release
from mwaactl.quotation import quoted
from mwaactl.report.table import table

_COMMIT = 12
_UNREADABLE = "unreadable"


def releases_text(releases: Sequence[Release | UnreadableRelease], current: Release | None) -> str:
    """Return releases as a table, in the order given; `*` marks the current one."""
    if not releases:
        return "no releases"
    rows = [_row(each, is_current=current is not None and each.id == current.id) for each in releases]
    return table(("", "RELEASE", "STATE", "WHEN", "WHO", "COMMIT", "FILES", "NOTE"), rows)


def releases_data(releases: Sequence[Release | UnreadableRelease], current: Release | None) -> dict[str, Any]:
    """Return releases as JSON values, without their files."""
    return {
        "current": current.id if current else None,
        "releases": [_listed(each) for each in releases],
    }


def release_text(release: Release) -> str:
    """Return one release for reading, with its files."""
    facts = {name: value for name, value in _facts(release).items() if value}
    width = max(len(name) for name in facts)
    lines = [
        f"{name.replace('_', ' '):<{width}}  {_indented(quoted(value), width + 2)}"
        for name, value in facts.items()
    ]
    rows = [(each.key, f"{each.size:,}", each.sha256[:_COMMIT], each.version_id) for each in release.files]
    return "\n".join([*lines, "", table(("FILE", "BYTES", "SHA-256", "VERSION"), rows)])


def release_data(release: Release) -> dict[str, Any]:
    """Return one release as JSON values, with its files."""
    return _facts(release) | {"files": [asdict(each) for each in release.files]}


def lock_text(held: Held | None, environment: str, *, removed: bool) -> str:
    """Return in a few lines who holds the lock, and what became of it."""
    if held is None:
        return f"{environment}: nobody holds the lock"
    who = quoted(held.holder.named) if held.holder else "an unknown holder"
    if removed:
        return f"{environment}: removed the lock of {who}"
    renewed = f"it was renewed {held.age:.0f} s ago, and its lease lasts {LEASE:.0f} s"
    return f"{environment}: {who} holds the lock: {renewed}; remove it all the same with `--yes`"


def lock_data(held: Held | None, *, removed: bool) -> dict[str, Any]:
    """Return the lock as JSON values."""
    if held is None:
        return {"locked": False, "removed": False, "holder": None}
    holder = asdict(held.holder) if held.holder else None
    if holder is not None:
        holder.pop("token")
    return {
        "locked": not removed,
        "removed": removed,
        "holder": holder,
        "seconds_since_renewal": held.age,
        "expired": held.expired,
    }


def _row(release: Release | UnreadableRelease, *, is_current: bool) -> tuple[str, ...]:
    if isinstance(release, UnreadableRelease):
        return ("", release.id, _UNREADABLE, "-", "-", "-", "-", quoted(release.why))
    when = f"{datetime.fromisoformat(release.when):%Y-%m-%d %H:%M:%S}"
    who = release.who.rpartition("/")[2] or release.who
    commit = release.git_commit or "-"
    dirty = "-dirty" if commit.endswith("-dirty") else ""
    note = f"restores {release.restores}" if release.restores else " ".join((release.failure or "").split())
    return (
        "*" if is_current else "",
        release.id,
        release.state.value,
        when,
        who,
        commit[:_COMMIT] + dirty if commit != "-" else commit,
        str(len(release.files)),
        quoted(note),
    )


def _indented(text: str, width: int) -> str:
    return text.replace("\n", f"\n{'':{width}}")


def _listed(release: Release | UnreadableRelease) -> dict[str, Any]:
    if isinstance(release, UnreadableRelease):
        return {"id": release.id, "state": _UNREADABLE, "failure": release.why}
    return _facts(release) | {"files": len(release.files)}


def _facts(release: Release) -> dict[str, Any]:
    return {
        "id": release.id,
        "state": release.state.value,
        "when": release.when,
        "who": release.who,
        "git_commit": release.git_commit,
        "airflow_version": release.airflow_version,
        "digest": release.digest,
        "restores": release.restores,
        "replaces": release.replaces,
        "failure": release.failure,
    }
