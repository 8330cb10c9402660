"""Python files that the environment's own Python could not even parse."""

import ast
import warnings
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion, version_key
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.python_sources import python_sources


def python_syntax(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Parses all Python files of dags/ and plugins/ in the grammar of the environment's Python."""
    major, minor = version_key(version.python)
    for path, content in python_sources(bundle):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(content, path, feature_version=(major, minor))
        except SyntaxError as error:
            message = f"is not Python {version.python}: {error.msg}"
            yield Finding("python-syntax", "error", path, error.lineno, message)
        except ValueError as error:
            yield Finding("python-syntax", "error", path, None, f"is not Python source: {error}")
