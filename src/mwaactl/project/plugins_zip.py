"""Packs plugins.zip so that the same content gives the same bytes on every machine and every day."""

from collections.abc import Iterable, Sequence

from mwaactl.catalog.limits import limits
from mwaactl.errors import ProjectError
from mwaactl.project.portable_names import collisions, printable, unportable_because
from mwaactl.project.reproducible_zip import ENTRIES, pack


def pack_plugins(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Packs files into an archive that MWAA unpacks to its plugins folder.

    It is the same for the same content, because bytes that differ would cost an update of the environment.

    Args:
        files: Name below the plugins folder and content.

    Raises:
        ProjectError: A name could not be unpacked, or not beside another one, or there is too much.
    """
    packed = sorted(files)
    _refuse_bad_names([name for name, _ in packed])
    _refuse_too_much([len(content) for _, content in packed])
    return pack(packed)


def _refuse_bad_names(names: Sequence[str]) -> None:
    for name in names:
        if reason := _name_problem(name):
            raise _refused(name, f"cannot be packed: it {reason}")
    for first, other in collisions(names):
        hint = "rename one: a checkout on macOS or Windows holds only one of them"
        raise _refused(other, f"cannot be packed beside `plugins/{first}`: the two are one name", hint)


def _name_problem(name: str) -> str | None:
    segments = name.split("/")
    if name.startswith("/") or name[1:2] == ":":
        return "has an absolute path"
    if not all(segments) or any(segment in (".", "..") for segment in segments):
        return "has a path that does not lead straight to a file"
    return unportable_because(name)


def _refuse_too_much(sizes: Sequence[int]) -> None:
    total, most = sum(sizes), limits().plugins_zip_bytes
    if len(sizes) > ENTRIES:
        message = f"`plugins/` holds {len(sizes):,} files, and an archive takes {ENTRIES:,}"
    elif total > most:
        message = f"`plugins/` holds {total:,} bytes, and MWAA takes {most:,}"
    else:
        return
    hint = "ship packages through requirements.txt instead"
    raise ProjectError(message, path="plugins", hint=hint, code="project.not-packable")


def _refused(name: str, why: str, hint: str | None = None) -> ProjectError:
    shown = f"plugins/{printable(name)}"
    return ProjectError(f"`{shown}` {why}", path=shown, hint=hint, code="project.not-packable")
