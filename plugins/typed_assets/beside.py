"""What lies beside a DAG file: in a folder, or in an archive that Airflow takes DAG files from."""

import os
import zipfile
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path

type Place = Path | zipfile.Path


def place_beside(dag_file: str) -> Place:
    """Return where a DAG file lies.

    Airflow says `dags/archive.zip/file.py` of a file in an archive:
    https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html (packaging DAGs)
    """
    place = Path(dag_file).parent
    for archive in (place, *place.parents):
        if archive.is_file():
            inner = place.relative_to(archive).as_posix()
            return zipfile.Path(archive, "" if inner == "." else f"{inner}/")
    return place


def path_from(place: Place, folder: str) -> str:
    """Return the shortest path of a folder, seen from a place: in `dags/`, `../dags/p` is `p`."""
    return relpath(Path(str(place)) / folder, str(place))


def files_below(place: Place, folder: str) -> Iterator[str]:
    """Yield the files below a folder, as paths from the place; links to folders are not followed."""
    if isinstance(place, Path):
        for found, _, files in os.walk(place / folder):
            below = Path(found).relative_to(place).as_posix()
            yield from (f"{below}/{file}" for file in files)
        return
    for each in (place / folder).iterdir():
        path = f"{folder}/{each.name}"
        yield from files_below(place, path) if each.is_dir() else [path]
