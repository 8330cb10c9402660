"""The DAGs as one packaged archive: a single write that is there in whole or not at all.

Airflow imports the modules at the root of an archive, with the archive on Python's path, and looks for DAGs
in them: https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#packaging-dags
What does not work within one, `mwaactl.project.checks.dags_archive` finds.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_dag_file
from mwaactl.project.reading import sha256_of
from mwaactl.project.reproducible_zip import ENTRIES, pack
from mwaactl.project.source_facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mwaactl.project.dag_files import DagFile

_DAGS = "dags/"
# Python reads no archive whose places take more than 32 bits.
_BYTES = 2**32 - 1


@dataclass(frozen=True, slots=True)
class DagsArchive:
    """The DAG folder as one archive.

    Attributes:
        key: Key in the source bucket, for example `dags/flights.zip`.
        content: The bytes, the same for the same files.
        sha256: Their digest, 64 hexadecimal digits.
        dags: Digests of the files in it that define DAGs, by what Airflow calls them, for example
            `dags/flights.zip/a.py`.
    """

    key: str
    content: bytes
    sha256: str
    dags: Mapping[str, str]

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.content)


def zipped(project: str, files: Sequence[DagFile]) -> DagsArchive:
    """Packs the files of the DAG folder.

    Args:
        project: Name of the project; the archive is called by it.
        files: All files of the folder.

    Raises:
        ProjectError: A file changed since it was read, or there are too many for an archive.
    """
    key = f"{_DAGS}{project}.zip"
    folders = {folder for file in files for folder in _folders(file.key)}
    _refuse_too_much(files, len(folders), key)
    content = pack(((file.key.removeprefix(_DAGS), read_dag_file(file)) for file in files), folders)
    return DagsArchive(key, content, sha256_of(content), dags_within(key, content))


def dags_within(key: str, content: bytes) -> Mapping[str, str]:
    """Returns the digests of the files of an archive that define DAGs, by what Airflow calls them, sorted.

    Args:
        key: Key of the archive in the source bucket.
        content: The archive.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at_root = sorted(name for name in archive.namelist() if name.endswith(".py") and "/" not in name)
        read = ((name, archive.read(name)) for name in at_root)
        return {
            f"{key}/{name}": sha256_of(content)
            for name, content in read
            if facts_of(f"{_DAGS}{name}", content).defines_dag
        }


def content_within(key: str, content: bytes, inner: str) -> bytes:
    """Returns a file of an archive.

    Args:
        key: Key of the archive in the source bucket.
        content: The archive.
        inner: What Airflow calls the file, for example `dags/flights.zip/a.py`.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(inner.removeprefix(f"{key}/"))


def files_within(content: bytes) -> dict[str, bytes]:
    """Returns the files of an archive by their places in the DAG folder, such as `dags/lib/tables.py`.

    Args:
        content: The archive.

    Raises:
        BadZipFile: It is none.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = (name for name in archive.namelist() if not name.endswith("/"))
        return {f"{_DAGS}{name}": archive.read(name) for name in names}


def _folders(key: str) -> tuple[str, ...]:
    """Returns the folders of a file: only by their entries Python finds those without `__init__.py`."""
    parts = key.removeprefix(_DAGS).split("/")[:-1]
    return tuple("/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1))


def _refuse_too_much(files: Sequence[DagFile], folders: int, key: str) -> None:
    entries, total = len(files) + folders, sum(file.size for file in files)
    if entries > ENTRIES:
        message = (
            f"`dags/` has {entries:,} files and folders, and Python imports from archives of {ENTRIES:,}"
        )
    elif total > _BYTES:
        message = f"`dags/` holds {total:,} bytes, and Python imports from archives of {_BYTES:,}"
    elif any(file.key == key for file in files):
        message = f"`{key}` is the name that the archive of all DAGs would have"
    else:
        return
    raise ProjectError(
        message, path="dags", hint="deploy without `--zero-window`", code="project.not-packable"
    )
