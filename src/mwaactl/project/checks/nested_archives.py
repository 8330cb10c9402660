"""Wheels and zip files of the project that do harm when somebody unpacks them."""

from collections.abc import Iterator
from pathlib import Path

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.archives import ENDINGS, archive_problem
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.reading import opened


def nested_archives(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports archives with paths that lead elsewhere, with links, or that are far larger than they look."""
    for shown, path in _archives(bundle):
        with opened(path, shown) as stream:
            problem = archive_problem(stream)
        if problem:
            hint = "build it anew from a source that you trust, or remove it"
            yield Finding("nested-archive", "error", shown, None, problem, hint)


def _archives(bundle: Bundle) -> Iterator[tuple[str, Path]]:
    files = [(dag.key, dag.location) for dag in bundle.dags]
    files += [(f"{PLUGINS}/{file.name}", file.location) for file in bundle.plugin_files]
    archives = sorted(each for each in files if each[0].casefold().endswith(ENDINGS))
    return ((shown, Path(location)) for shown, location in archives)
