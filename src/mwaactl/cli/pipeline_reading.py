"""Reads one pipeline's file of the project, for commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_bundle
from mwaactl.project.pipeline_files import pipeline_reader
from mwaactl.project.pipeline_loaders import pipeline_loaders, seen_from

if TYPE_CHECKING:
    from pathlib import Path

    from typed_assets.spec.pipelines import Pipeline


def read_pipelines(root: Path, file: Path, airflow_version: str) -> tuple[Pipeline, ...]:
    """Return the pipelines of a file.

    Args:
        root: The project's root folder.
        file: The YAML file, below dags/.
        airflow_version: Whose operators are known.

    Raises:
        ProjectError: It lies elsewhere, no DAG file loads it, or there is a mistake in it.
    """
    bundle = read_bundle(root)
    path = file.resolve()
    key = path.relative_to(bundle.root).as_posix() if path.is_relative_to(bundle.root) else str(file)
    for loader in pipeline_loaders(bundle):
        if loader.folder is not None and loader.holds(key):
            reader, _ = pipeline_reader(bundle, loader.beside, loader.folder, airflow_version)
            reading = reader.read(seen_from(loader.beside, key))
            if reading.mistakes:
                sentences = "; ".join(mistake.sentence for mistake in reading.mistakes)
                raise ProjectError(sentences, path=key, code="project.pipeline-mistake")
            return reading.pipelines
    message = f"no DAG file loads `{key}`"
    hint = "a DAG file that calls `load_pipelines` names its folder; `mwaactl pipeline new` writes one"
    raise ProjectError(message, hint=hint, code="project.pipeline-not-loaded")
