"""What is wrong with the pipelines of a folder.

Two DAG files ask for it. The dag processor reads each in a process of its own; but `airflow dags
reserialize`, a test and `mwaactl check` read both in one, and then the second need not find everything out
once more: it is enough that the files are as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from typed_assets.pipeline_folders import PipelineFolder
from typed_assets.spec.errors import SpecError
from typed_assets.yaml.reading import Reading
from typed_assets.yaml.references import Folder


@dataclass(slots=True)
class Seen:
    """What a reader has asked a folder for.

    Attributes:
        pipelines: the paths of all pipelines.
        contents: what stood in files, shortened; None for those that were not there.
        names: of the files in folders.
    """

    pipelines: list[str]
    contents: dict[str, bytes | None] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def over(self, files: Folder) -> Folder:
        """Return the same files; what is asked for is noted here."""

        def read(file: str) -> bytes | None:
            content = files.read(file)
            self.contents[file] = _short(content)
            return content

        def names(folder: str) -> list[str]:
            self.names[folder] = files.names(folder)
            return self.names[folder]

        return replace(files, read=read, names=names)

    def holds_for(self, folder: PipelineFolder) -> bool:
        """Whether a reader would see the same again."""
        return (
            folder.pipelines() == self.pipelines
            and all(_short(folder.files.read(file)) == content for file, content in self.contents.items())
            and all(folder.files.names(path) == names for path, names in self.names.items())
        )


_kept: dict[tuple[str, str], tuple[Seen, tuple[SpecError, ...]]] = {}
"""By the place of a folder."""


def read_all(folder: PipelineFolder) -> tuple[Reading, Seen]:
    """Read all pipelines of a folder; also return what was seen."""
    seen = Seen(folder.pipelines())
    return replace(folder, files=seen.over(folder.files)).reader().read_all(seen.pipelines), seen


def keep(folder: PipelineFolder, seen: Seen, mistakes: Sequence[SpecError]) -> None:
    """Keep what is wrong with a folder for the next who asks."""
    _kept[_key(folder)] = (seen, tuple(mistakes))


def kept(folder: PipelineFolder) -> tuple[SpecError, ...] | None:
    """Return once what was kept, or None where nothing was, or where the folder has changed."""
    seen, mistakes = _kept.pop(_key(folder), (None, ()))
    return mistakes if seen is not None and seen.holds_for(folder) else None


def _key(folder: PipelineFolder) -> tuple[str, str]:
    return str(folder.beside), folder.root


def _short(content: bytes | None) -> bytes | None:
    return None if content is None else blake2b(content, digest_size=16).digest()
