"""What the working tree would ship, as one value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.dag_files import DAGS, DagFile, dag_files, read_aside
from mwaactl.project.found_file import FoundFile, Skipped
from mwaactl.project.known_files import KnownFiles
from mwaactl.project.plugins_zip import pack_plugins
from mwaactl.project.reading import read_content, sha256_of
from mwaactl.project.scan import scan
from mwaactl.project.sources import Aside

PLUGINS = "plugins"
REQUIREMENTS = "requirements/requirements.txt"
STARTUP = "startup/startup.sh"
PLUGINS_KEY = "artifacts/plugins.zip"
REQUIREMENTS_KEY = "artifacts/requirements.txt"
STARTUP_KEY = "artifacts/startup.sh"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that MWAA takes only through an update of the environment.

    Attributes:
        key: Key in the source bucket, for example `artifacts/plugins.zip`.
        content: The bytes.
        sha256: Their digest, 64 hexadecimal digits.
    """

    key: str
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that would be shipped.

    Attributes:
        root: The project's root folder.
        dags: Files of the DAG folder in the order of writing: by stage and key.
        plugin_files: What the plugins archive is made of, for checks.
        plugins: The plugins archive; None where plugins/ has no file.
        requirements: requirements.txt; None where there is none.
        startup: startup.sh; None where there is none.
        skipped: What lies in the folders and is not shipped.
    """

    root: Path
    dags: tuple[DagFile, ...]
    plugin_files: tuple[FoundFile, ...]
    plugins: Artifact | None
    requirements: Artifact | None
    startup: Artifact | None
    skipped: tuple[Skipped, ...]

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """The artifacts that exist: plugins, requirements, startup script."""
        return tuple(each for each in (self.plugins, self.requirements, self.startup) if each)


def read_bundle(root: Path, aside: Aside | None = None, known: KnownFiles | None = None) -> Bundle:
    """Reads the project's dags/, plugins/, requirements/requirements.txt and startup/startup.sh.

    Args:
        root: The project's root folder.
        aside: Parses Python files of dags/, if they are many, while others are looked into for secrets.
        known: What was found out of files of dags/ earlier.

    Raises:
        ProjectError: Something cannot be read.
    """
    root = root.resolve()
    begin = partial(read_aside, aside, known=known) if aside else lambda _: None
    try:
        found, skipped_dags = scan(root / DAGS, begin, known)
    finally:
        if known is not None:
            known.close()
    plugin_files, skipped_plugins = scan(root / PLUGINS)
    return Bundle(
        root=root,
        dags=dag_files(root, found, aside, known),
        plugin_files=plugin_files,
        plugins=_plugins(plugin_files),
        requirements=_single(root, REQUIREMENTS, REQUIREMENTS_KEY),
        startup=_single(root, STARTUP, STARTUP_KEY),
        skipped=(*skipped_dags, *skipped_plugins, *_no_folders(root)),
    )


def read_dag_file(file: DagFile) -> bytes:
    """Reads a DAG file and makes sure that it is still what the bundle says.

    Raises:
        ProjectError: It cannot be read, or has changed since the bundle was read.
    """
    content = read_content(file.location, file.key)
    if sha256_of(content) != file.sha256:
        message = f"`{file.key}` changed while it was being deployed"
        raise ProjectError(message, path=file.key, hint="run the command again", code="project.changed")
    return content


def _plugins(files: Sequence[FoundFile]) -> Artifact | None:
    if not files:
        return None
    packed = pack_plugins((file.name, read_content(file.path, f"{PLUGINS}/{file.name}")) for file in files)
    return Artifact(PLUGINS_KEY, packed, sha256_of(packed))


def _no_folders(root: Path) -> Iterator[Skipped]:
    """Yields the files that lie where a folder with the one file that is shipped should be."""
    for name in (each.partition("/")[0] for each in (REQUIREMENTS, STARTUP)):
        path = root / name
        if (path.exists() or path.is_symlink()) and not path.is_dir():
            yield Skipped(name, "is not a folder")


def _single(root: Path, shown: str, key: str) -> Artifact | None:
    path = root / shown
    if not path.exists() and not path.is_symlink():
        return None
    if not path.is_file() or not path.resolve().is_relative_to(root):
        message = f"`{shown}` must be a regular file inside the project"
        raise ProjectError(message, path=shown, code="project.not-a-file")
    content = read_content(path.resolve(), shown)
    return Artifact(key, content, sha256_of(content))
