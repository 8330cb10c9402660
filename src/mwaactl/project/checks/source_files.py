"""What is wrong with single files, however they are used: each that may be wrong is read once for all."""

import sys
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion, version_key
from mwaactl.project.bundle import PLUGINS, REQUIREMENTS, Bundle, read_dag_file
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.hardcoded_secrets import hardcoded_secrets
from mwaactl.project.checks.python_syntax import python_syntax
from mwaactl.project.clues import CREDENTIAL
from mwaactl.project.reading import read_content

_CREDENTIAL = frozenset({CREDENTIAL})


def source_files(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Looks through the Python files of both folders, and through requirements.txt.

    Raises:
        ProjectError: A file cannot be read, or has changed since the bundle was read.
    """
    for path, content, parsed in _python_files(bundle, version):
        if not parsed:
            yield from python_syntax(path, content, version)
        yield from hardcoded_secrets(path, content)
    if bundle.requirements:
        yield from hardcoded_secrets(REQUIREMENTS, bundle.requirements.content)


def _python_files(bundle: Bundle, version: AirflowVersion) -> Iterator[tuple[str, bytes, bool]]:
    """Yields path and content of what may be wrong, and whether the environment's Python surely parses it."""
    told = version_key(version.python) >= sys.version_info[:2]
    for dag in bundle.dags:
        if dag.facts is not None:
            parsed = told and dag.facts.parsed
            if not parsed or dag.may_hold(_CREDENTIAL):
                yield dag.key, read_dag_file(dag), parsed
    for file in bundle.plugin_files:
        if file.name.endswith(".py"):
            shown = f"{PLUGINS}/{file.name}"
            yield shown, read_content(file.path, shown), False
