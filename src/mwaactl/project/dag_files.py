"""The files of the DAG folder: each is read once, and what is kept of it is small.

100,000 files are held at once, so equal parts are shared and no file has a Path of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.project.import_graph import Modules, imports_of
from mwaactl.project.needs import Moment
from mwaactl.project.reading import digest_of
from mwaactl.project.source_facts import SharedFacts, SourceFacts
from mwaactl.project.sources import FEWEST, Place, read_sources
from mwaactl.project.stages import DATA, stages_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from mwaactl.project.clues import Clues
    from mwaactl.project.found_file import FoundFile
    from mwaactl.project.import_graph import Graph
    from mwaactl.project.known_files import KnownFiles
    from mwaactl.project.sources import Aside, Source

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
        clues: What rules may look for in it; None where nobody has looked.
        mark: What tells it from any other file, and from itself after a change; None where that is not known.
    """

    root: Path
    key: str
    sha256: str
    size: int
    stage: int = DATA
    imports: tuple[str, ...] = ()
    facts: SourceFacts | None = None
    target: Path | None = None
    clues: Clues | None = None
    mark: int | None = field(default=None, compare=False)

    @property
    def path(self) -> Path:
        """Where to read it; read through `read_dag_file`, which notices a change."""
        return Path(self.location)

    @property
    def location(self) -> str:
        """The path as text: for every file of a large tree, a Path takes longer than the reading."""
        return str(self.target or f"{self.root}/{self.key}")

    def may_hold(self, clues: Collection[str]) -> bool:
        """Tell whether one of these clues may stand in it."""
        return self.clues is None or any(each in clues for each in self.clues)

    @property
    def defines_dag(self) -> bool:
        """Whether importing it makes a DAG."""
        return self.facts is not None and self.facts.defines_dag


def read_aside(
    aside: Aside, named: Iterable[FoundFile], known: KnownFiles | None = None, *, fewest: int = FEWEST
) -> None:
    """Has the Python files among those of the DAG folder read meanwhile, if they are many.

    Args:
        aside: Reads them.
        named: The files of the DAG folder.
        known: What was found out of them earlier.
        fewest: How many are many.
    """
    files = sorted(named, key=lambda file: file.name)
    roots = roots_of(file.name for file in files)
    aside.begin(_places(files, roots, known), roots, fewest=fewest)


def dag_files(
    root: Path, found: Sequence[FoundFile], aside: Aside | None = None, known: KnownFiles | None = None
) -> tuple[DagFile, ...]:
    """Reads the files of the DAG folder, and puts them in the order of writing: by stage and key.

    Args:
        root: The project's root folder.
        found: The files, by name.
        aside: Reads its Python files meanwhile; what it has read counts if it was asked for just these.
        known: What was found out of the files earlier.

    Raises:
        ProjectError: A file cannot be read.
    """
    roots = roots_of(file.name for file in found)
    places = _places(found, roots, known)
    same = aside is not None and aside.asked == (places, roots)
    shared = known.shared if known is not None else SharedFacts()
    sources = read_sources(places, roots, shared, aside if same else None)
    read = {place.key: source for place, source in zip(places, sources, strict=True)}
    files = [_file(root, each, read.pop(f"{DAGS}/{each.name}", None)) for each in found]
    imports, stages = placed({file.key: file.facts for file in files if file.facts is not None})
    # One after the other, so that no more than one file is there twice.
    for number, file in enumerate(files):
        if file.facts is not None:
            files[number] = replace(file, stage=stages[file.key], imports=imports[file.key])
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


def roots_of(names: Iterable[str]) -> frozenset[str]:
    """Returns the top-level modules of the DAG folder.

    Args:
        names: Paths of its files below it.
    """
    modules = (each for each in names if "/" in each or each.endswith(_SOURCE))
    return frozenset(each.partition("/")[0].removesuffix(_SOURCE) for each in modules) | {DAGS}


def _places(found: Iterable[FoundFile], roots: frozenset[str], known: KnownFiles | None) -> tuple[Place, ...]:
    """Returns the Python files that are to be read: those of which no facts are known."""
    same = known is not None and known.depend_on(roots)
    return tuple(
        Place(each.location, f"{DAGS}/{each.name}")
        for each in found
        if each.name.endswith(_SOURCE) and not (same and each.facts is not None)
    )


def _file(root: Path, found: FoundFile, source: Source | None) -> DagFile:
    key = f"{DAGS}/{found.name}"
    told: tuple[str, int, SourceFacts | None, Clues | None]
    if source is not None:
        told = (source.sha256, source.size, source.facts, source.clues)
    elif found.sha256 is not None:
        # What was looked into for secrets is what is shipped; it is not read again.
        told = (found.sha256, found.size, found.facts, found.clues)
    else:
        told = (*digest_of(found.location, key), None, found.clues)
    sha256, size, facts, clues = told
    return DagFile(root, key, sha256, size, facts=facts, target=found.target, clues=clues, mark=found.mark)
