"""What is wrong with the pipelines of a folder.

Two DAG files ask for it. Airflow reads each in a process of its own; but `airflow dags reserialize`, a test
and `mwaactl check` read both in one, and then the second need not read all files once more: it is enough
that they are as they were.
"""

from dataclasses import dataclass, field, replace
from hashlib import blake2b

from typed_assets.pipeline_folders import PipelineFolder
from typed_assets.spec.errors import SpecError
from typed_assets.yaml.reading import Reading
from typed_assets.yaml.references import Folder


@dataclass(slots=True)
class _Seen:
    """What a reader has asked a folder for, and what was wrong with it.

    Attributes:
        pipelines: the paths of all pipelines.
        contents: what stood in files, shortened; None for those that were not there.
        names: of the files in folders.
    """

    pipelines: list[str]
    contents: dict[str, bytes | None] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    mistakes: tuple[SpecError, ...] = ()

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


_seen: dict[tuple[str, str], _Seen] = {}
"""By the place of a folder."""


def read_and_kept(folder: PipelineFolder) -> Reading:
    """Read all pipelines of a folder; `mistakes_below` may ask for the mistakes once."""
    seen = _Seen(folder.pipelines())
    reading = replace(folder, files=seen.over(folder.files)).reader().read_all(seen.pipelines)
    seen.mistakes = reading.mistakes
    _seen[_key(folder)] = seen
    return reading


def mistakes_below(folder: PipelineFolder) -> tuple[SpecError, ...]:
    """Return what is wrong with the pipelines of a folder."""
    seen = _seen.pop(_key(folder), None)
    if seen is not None and seen.holds_for(folder):
        return seen.mistakes
    return folder.reader().read_all(folder.pipelines()).mistakes


def _key(folder: PipelineFolder) -> tuple[str, str]:
    return str(folder.beside), folder.root


def _short(content: bytes | None) -> bytes | None:
    return None if content is None else blake2b(content, digest_size=16).digest()
