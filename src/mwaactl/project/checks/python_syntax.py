"""Python files that the environment's own Python could not even parse."""

import ast
import warnings
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion, version_key
from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.checks.finding import Finding
from mwaactl.project.reading import read_content


def python_syntax(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Parses all Python files of dags/ and plugins/ in the grammar of the environment's Python."""
    major, minor = version_key(version.python)
    for path, content in _sources(bundle):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(content, path, feature_version=(major, minor))
        except SyntaxError as error:
            message = f"is not Python {version.python}: {error.msg}"
            yield Finding("python-syntax", "error", path, error.lineno, message)
        except ValueError as error:
            yield Finding("python-syntax", "error", path, None, f"is not Python source: {error}")


def _sources(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    for dag in bundle.dags:
        if dag.key.endswith(".py"):
            yield dag.key, read_dag_file(dag)
    for file in bundle.plugin_files:
        if file.name.endswith(".py"):
            shown = f"{PLUGINS}/{file.name}"
            yield shown, read_content(file.path, shown)
