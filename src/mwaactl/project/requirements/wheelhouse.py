"""The folder of wheels in plugins/, and which of them `requirements package` put there."""

import errno
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.reading import digest_of, read_content
from mwaactl.project.requirements.packaged_text import HOUSE
from mwaactl.project.requirements.storage import replace_file, writing

# As `sha256sum --check` reads it; it is shipped with the wheels.
_SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Wheelhouse:
    """The folder.

    Attributes:
        root: The project's root folder.
    """

    root: Path

    @property
    def folder(self) -> Path:
        """Where the wheels are."""
        return self.root / HOUSE

    def refuse_odd_places(self) -> None:
        """Makes sure that what is put into the folder lands in the project.

        Raises:
            ProjectError: The folder, or plugins/, is a link or a file.
        """
        for path in (self.folder.parent, self.folder):
            if path.is_symlink() or (path.exists() and not path.is_dir()):
                shown = path.relative_to(self.root).as_posix()
                message = f"`{shown}` must be a folder of the project, not a link or a file"
                raise ProjectError(message, path=shown, code="project.not-a-folder")

    def wheels(self) -> tuple[Path, ...]:
        """Returns all wheels in it, whoever put them there, by name."""
        return tuple(sorted(path for path in self.folder.glob("*.whl") if path.is_file()))

    def own(self) -> Mapping[str, str]:
        """Returns what an earlier run put there: name of the file to its SHA-256."""
        sums = self.folder / _SUMS
        if not sums.is_file():
            return {}
        text = read_content(sums, f"{HOUSE}/{_SUMS}").decode(errors="replace")
        entries = (line.split("  ", 1) for line in text.splitlines() if "  " in line)
        return {name: digest for digest, name in entries if name.endswith(".whl") and "/" not in name}

    def fill(self, wheels: Iterable[Path], keep: Mapping[str, str]) -> None:
        """Takes wheels in, and forgets none of its own before it is removed.

        Args:
            wheels: Complete files outside the folder, which they leave.
            keep: The folder's own wheels from now on, the new ones included.

        Raises:
            ProjectError: Something cannot be written.
        """
        with writing(HOUSE):
            self._write_sums({**self.own(), **keep})
            for wheel in wheels:
                _move(wheel, self.folder / wheel.name)

    def reduce(self, keep: Mapping[str, str]) -> tuple[str, ...]:
        """Removes its own wheels but those to keep; wheels of others stay.

        Returns:
            The names of what was removed.

        Raises:
            ProjectError: Something cannot be removed.
        """
        with writing(HOUSE):
            gone = sorted(name for name in self.own() if name not in keep)
            removed = tuple(name for name in gone if (self.folder / name).exists())
            for name in gone:
                (self.folder / name).unlink(missing_ok=True)
            self._write_sums(keep)
            if self.folder.is_dir() and not any(self.folder.iterdir()):
                self.folder.rmdir()
        return removed

    def _write_sums(self, wheels: Mapping[str, str]) -> None:
        sums = self.folder / _SUMS
        content = "".join(f"{wheels[name]}  {name}\n" for name in sorted(wheels)).encode()
        if not wheels:
            sums.unlink(missing_ok=True)
        elif not sums.is_file() or sums.read_bytes() != content:
            replace_file(sums, content)


def digests_of(wheels: Iterable[Path]) -> dict[str, str]:
    """Returns name to SHA-256.

    Raises:
        ProjectError: One cannot be read.
    """
    return {wheel.name: digest_of(wheel, f"{HOUSE}/{wheel.name}")[0] for wheel in wheels}


def _move(source: Path, target: Path) -> None:
    """Moves a file so that it is never there in part, be it from another disk."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        scratch = target.with_name(f".{target.name}.tmp")  # nothing called *.tmp is ever shipped
        try:
            shutil.copyfile(source, scratch)
            scratch.replace(target)
        finally:
            scratch.unlink(missing_ok=True)
