"""A folder of pipelines beside a DAG file, and the file in it that makes one of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from typed_assets.beside import Place, files_below, path_from, place_beside
from typed_assets.installed_operators import InstalledOperators
from typed_assets.scheduling.plans import abilities
from typed_assets.spec.errors import SpecError
from typed_assets.spec.schedule_values import Abilities
from typed_assets.yaml.loops import MARK
from typed_assets.yaml.operator_arguments import Operators
from typed_assets.yaml.plans import NEWEST
from typed_assets.yaml.reading import SUFFIXES, Reader, Reading, is_pipeline, name_of
from typed_assets.yaml.references import Folder


@dataclass(frozen=True, slots=True)
class PipelineFolder:
    """A folder of pipelines.

    Attributes:
        beside: where the DAG file lies.
        root: the folder's path from there, with `/`.
        files: what lies beside the DAG file and below.
        operators: knows operators.
        abilities: of the version of Airflow that runs.
    """

    beside: Place
    root: str
    files: Folder
    operators: Operators
    abilities: Abilities = NEWEST

    def reader(self) -> Reader:
        """Return a reader of its pipelines."""
        return Reader(self.files, self.root, self.operators, self.abilities)

    def pipelines(self) -> list[str]:
        """Return the paths of all files that hold pipelines."""
        return sorted(file for file in files_below(self.beside, self.root) if is_pipeline(file, self.root))


def pipeline_folder(names: Mapping[str, Any], folder: str) -> PipelineFolder:
    """Return a folder of pipelines.

    Args:
        names: `globals()` of the DAG file.
        folder: its path beside the DAG file.

    Raises:
        SpecError: there is no such folder.
    """
    beside = place_beside(str(names["__file__"]))
    root = path_from(beside, folder)
    if not (beside / root).is_dir():
        message = f"there is no folder `{folder}` beside `{names['__file__']}`"
        raise SpecError(message, hint="name it relative to the DAG file")
    return PipelineFolder(beside, root, files_at(beside), InstalledOperators(), abilities())


def files_at(beside: Place) -> Folder:
    """Return the files that lie beside a DAG file and below."""

    def read(file: str) -> bytes | None:
        try:
            if isinstance(beside, Path):
                with FileIO(f"{beside}/{file}") as opened:  # Path.read_bytes takes three times as long
                    return opened.readall()
            return (beside / file).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def names(folder: str) -> list[str]:
        path = beside / folder
        return sorted(each.name for each in path.iterdir()) if path.is_dir() else []

    return Folder(read, names, lambda file: str(beside / file))


def only(wanted: str, folder: PipelineFolder) -> Reading:
    """Return the pipeline with an id, from the first file that has it; or the mistakes of those that may."""
    reader, mistakes = folder.reader(), list[SpecError]()
    for file in _likely(wanted, folder):
        reading = reader.read(file, wanted)
        if reading.pipelines:
            return reading
        mistakes += reading.mistakes
    return Reading(mistakes=tuple(mistakes))


def _likely(wanted: str, folder: PipelineFolder) -> Iterator[str]:
    """Yield files that may hold a pipeline: those of its name, that name it, that make ids.

    The folder is listed only where no file of that name lies at its top.
    """
    at_top = [
        file
        for file in (f"{folder.root}/{wanted}{suffix}".removeprefix("./") for suffix in SUFFIXES)
        if is_pipeline(file, folder.root) and (folder.beside / file).is_file()
    ]
    yield from at_top
    rest = [file for file in folder.pipelines() if file.removeprefix("./") not in at_top]
    named = [file for file in rest if name_of(file) == wanted]
    yield from named
    yield from _by_content(wanted, [file for file in rest if file not in named], folder.files)


def _by_content(wanted: str, files: Sequence[str], folder: Folder) -> Iterator[str]:
    contents = [(file, folder.read(file) or b"") for file in files]
    yield from (file for file, content in contents if wanted.encode() in content)
    marks = (MARK.encode(), b"\\")
    yield from (
        file
        for file, content in contents
        if wanted.encode() not in content and any(mark in content for mark in marks)
    )
