"""The pipelines in YAML that the project would ship: read as Airflow will read them, without Airflow."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mwaactl.catalog.operator_arguments import CatalogueOperators
from mwaactl.project.bundle import read_dag_file
from mwaactl.project.pipeline_loaders import seen_from
from typed_assets.spec.schedule_values import Abilities
from typed_assets.yaml.reading import Reader, is_pipeline
from typed_assets.yaml.references import Folder

if TYPE_CHECKING:
    from mwaactl.project.bundle import Bundle


@cache
def _operators(airflow_version: str) -> CatalogueOperators:
    return CatalogueOperators(airflow_version)


def pipeline_reader(
    bundle: Bundle, beside: str, folder: str, airflow_version: str
) -> tuple[Reader, tuple[str, ...]]:
    """Return what reads the pipelines of a folder, and the files that hold them.

    Args:
        bundle: What would be shipped.
        beside: The folder of the DAG file that loads them, as a key: names of files are relative to it.
        folder: The folder of the pipelines, relative to that.
        airflow_version: Whose operators are known.
    """
    files = {seen_from(beside, dag.key): dag for dag in bundle.dags}
    root = PurePosixPath(folder).as_posix()

    def read(file: str) -> bytes | None:
        return read_dag_file(files[file]) if file in files else None

    def names(parent: str) -> list[str]:
        paths = [PurePosixPath(file) for file in files]
        return sorted(path.name for path in paths if path.parent.as_posix() == parent)

    abilities = Abilities.of(airflow_version)
    reader = Reader(Folder(read, names), root, _operators(airflow_version), abilities)
    return reader, tuple(sorted(file for file in files if is_pipeline(file, root)))
