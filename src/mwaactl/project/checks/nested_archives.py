"""Wheels and zip files of the project that do harm when somebody unpacks them."""

from collections.abc import Iterator
from pathlib import Path

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.archives import ENDINGS, archive_problem, secret_within
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.reading import opened

_WHEEL = ".whl"


def nested_archives(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports archives with paths that lead elsewhere, with links or keys, or far larger than they look."""
    for shown, path in _archives(bundle):
        hint = "build it anew from a source that you trust, or remove it"
        with opened(path, shown) as stream:
            problem = archive_problem(stream)
            # Packages of others hold the keys of their tests.
            if problem is None and not shown.casefold().endswith(_WHEEL):
                problem, hint = secret_within(stream), "build it anew without that"
        if problem:
            yield Finding("nested-archive", "error", shown, None, problem, hint)


def _archives(bundle: Bundle) -> Iterator[tuple[str, Path]]:
    files = [(dag.key, dag.location) for dag in bundle.dags]
    files += [(f"{PLUGINS}/{file.name}", file.location) for file in bundle.plugin_files]
    archives = sorted(each for each in files if each[0].casefold().endswith(ENDINGS))
    return ((shown, Path(location)) for shown, location in archives)
