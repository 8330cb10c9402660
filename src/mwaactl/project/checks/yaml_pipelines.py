"""Mistakes in pipelines that are written in YAML: those that Airflow would list as import errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_dag_file
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.serverless_faults import RULE as SERVERLESS
from mwaactl.project.pipeline_loaders import REPORT, Loader, key_of, pipeline_loaders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mwaactl.catalog.versions import AirflowVersion
    from mwaactl.project.bundle import Bundle
    from typed_assets.spec.errors import SpecError
    from typed_assets.spec.pipelines import Pipeline

RULE, LOADER_RULE = "yaml-pipeline", "yaml-pipeline-loader"


def yaml_pipelines(bundle: Bundle, version: AirflowVersion, *, advice: bool = True) -> Iterator[Finding]:
    """Reports each mistake once, however many DAG files load its folder.

    Args:
        bundle: What is to be shipped.
        version: The environment's Airflow.
        advice: Whether to apply the rules that only ever warn, too.

    Raises:
        ProjectError: A file changed or vanished.
    """
    loaders = pipeline_loaders(bundle)
    for loader in loaders:
        yield from _of_loader(loader, bundle)
    if not loaders:
        return
    from mwaactl.project.checks.named_functions import NamedFunctions
    from mwaactl.project.pipeline_files import pipeline_reader  # its models cost most projects nothing

    functions = NamedFunctions(bundle)
    folders = {(loader.beside, loader.folder) for loader in loaders if loader.folder is not None}
    for beside, folder in sorted((beside, folder) for beside, folder in folders if folder is not None):
        reader, files = pipeline_reader(bundle, beside, folder, version.version)
        reading = reader.read_all(files)
        missing = [fault for each in reading.pipelines for fault in functions.faults(each)]
        for mistake in (*reading.mistakes, *{each.sentence: each for each in missing}.values()):
            yield _finding(mistake, beside)
        if advice:
            yield from _not_serverless(reading.pipelines, beside, bundle)


def _finding(mistake: SpecError, beside: str) -> Finding:
    place = mistake.place
    if place is None:
        return Finding(RULE, "error", beside, None, mistake.message, mistake.hint)
    key = "" if place.key is None else f"`{place.key}`: "
    file = key_of(beside, place.file)
    return Finding(RULE, "error", file, place.line, f"{key}{mistake.message}", mistake.hint)


def _not_serverless(pipelines: Iterable[Pipeline], beside: str, bundle: Bundle) -> Iterator[Finding]:
    """Reports once what all pipelines of a matrix cannot say; `# noqa: RULE` in the line silences it."""
    from mwaactl.project.checks.pipelines.serverless_yaml import serverless_faults

    keys = {dag.key: dag for dag in bundle.dags}
    for place, fault in dict.fromkeys(found for each in pipelines for found in serverless_faults(each)):
        key = beside if place is None else key_of(beside, place.file)
        line = None if place is None else place.line
        lines = read_dag_file(keys[key]).splitlines() if line is not None and key in keys else []
        if line is None or line > len(lines) or f"noqa: {SERVERLESS}".encode() not in lines[line - 1]:
            yield Finding(SERVERLESS, "warning", key, line, *fault)


def _of_loader(loader: Loader, bundle: Bundle) -> Iterator[Finding]:
    """Says what is wrong with the DAG file that loads, or reports."""
    keys = {dag.key: dag for dag in bundle.dags}
    if loader.folder is None:
        message = "loads pipelines from a folder that is not named in quotes, so they are not checked"
        yield Finding(LOADER_RULE, "warning", loader.key, loader.line, message)
    elif not any(loader.holds(key) for key in keys):
        message = f"there is no folder `{loader.folder}` beside this file"
        yield Finding(LOADER_RULE, "error", loader.key, loader.line, message)
    if loader.reports:
        return
    reporter = keys.get(key_of(loader.beside, loader.mistakes_in or "."))
    if loader.mistakes_in is None:
        message = "one mistake in a YAML file keeps every pipeline of the folder from loading"
        hint = f"add a DAG file that calls `{REPORT}`, and name it with `mistakes_in`"
        yield Finding(LOADER_RULE, "warning", loader.key, loader.line, message, hint)
    elif reporter is None or f"{REPORT}(".encode() not in read_dag_file(reporter):
        message = f"`{loader.mistakes_in}` does not report mistakes, so none of the pipelines would load"
        hint = f"call `{REPORT}(globals(), …)` in it"
        yield Finding(LOADER_RULE, "error", loader.key, loader.line, message, hint)
