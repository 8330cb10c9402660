"""The files of the DAG folder: each is read once, and what is kept of it is small.

100,000 files are held at once, so equal parts are shared and no file has a Path of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaactl.project.import_graph import Modules, imports_of
from mwaactl.project.needs import Moment
from mwaactl.project.reading import digest_of, read_content, sha256_of
from mwaactl.project.source_facts import SharedFacts, SourceFacts, facts_of
from mwaactl.project.stages import DATA, stages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mwaactl.project.import_graph import Graph
    from mwaactl.project.scan import FoundFile

DAGS = "dags"
_SOURCE = ".py"
_AT_ONCE = frozenset({Moment.AT_IMPORT})


@dataclass(frozen=True, slots=True)
class DagFile:
    """A file of the DAG folder.

    Attributes:
        root: The project's root folder.
        key: Key in the source bucket, for example `dags/lib/tables.py`; also the path below the root.
        sha256: Digest of the content, 64 hexadecimal digits.
        size: Length in bytes.
        stage: Files of a lower stage are written first: data files, modules, then the DAGs that import them.
        imports: Keys of the files that it imports, sorted.
        facts: What it takes from modules and has for them; None for a file that is not named `*.py`.
        target: Where a link leads; None for a file that lies under its key.
    """

    root: Path
    key: str
    sha256: str
    size: int
    stage: int = DATA
    imports: tuple[str, ...] = ()
    facts: SourceFacts | None = None
    target: Path | None = None

    @property
    def path(self) -> Path:
        """Where to read it; read through `read_dag_file`, which notices a change."""
        return self.target or self.root / self.key

    @property
    def defines_dag(self) -> bool:
        """Whether importing it makes a DAG."""
        return self.facts is not None and self.facts.defines_dag


def dag_files(root: Path, found: Iterable[FoundFile]) -> tuple[DagFile, ...]:
    """Reads the files of the DAG folder, and puts them in the order of writing: by stage and key.

    Raises:
        ProjectError: A file cannot be read.
    """
    reading = _Reading(root)
    for each in found:
        reading.read(each)
    imports, stages = placed(reading.facts)
    files = (reading.file(key, stages.get(key, DATA), imports.get(key, ())) for key in reading.digests)
    return tuple(sorted(files, key=lambda file: (file.stage, file.key)))


def placed(facts: Mapping[str, SourceFacts]) -> tuple[Graph, Mapping[str, int]]:
    """Returns what each Python file imports, and its stage in the order of writing; pure.

    Args:
        facts: Facts of all Python files of the folder, by key.
    """
    modules = Modules(facts)
    imports = {key: imports_of(key, each.needs, modules) for key, each in facts.items()}
    stages = stages_of(
        imports,
        lambda key: imports_of(key, facts[key].needs, modules, _AT_ONCE),
        {key for key, each in facts.items() if each.defines_dag},
    )
    return imports, stages


@dataclass(slots=True)
class _Reading:
    """What was read so far, by key."""

    root: Path
    digests: dict[str, tuple[str, int]] = field(default_factory=dict)
    facts: dict[str, SourceFacts] = field(default_factory=dict)
    links: dict[str, Path] = field(default_factory=dict)
    shared: SharedFacts = field(default_factory=SharedFacts)

    def read(self, found: FoundFile) -> None:
        key = f"{DAGS}/{found.name}"
        if str(found.path) != f"{self.root}/{key}":
            self.links[key] = found.path
        if key.endswith(_SOURCE):
            content = read_content(found.path, key)
            self.digests[key] = sha256_of(content), len(content)
            self.facts[key] = self.shared.of(facts_of(key, content))
        else:
            self.digests[key] = digest_of(found.path, key)

    def file(self, key: str, stage: int, imports: tuple[str, ...]) -> DagFile:
        sha256, size = self.digests[key]
        return DagFile(self.root, key, sha256, size, stage, imports, self.facts.get(key), self.links.get(key))
