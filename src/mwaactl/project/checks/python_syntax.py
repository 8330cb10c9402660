"""Python files that the environment's own Python could not even parse."""

import ast
import warnings
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion, version_key
from mwaactl.project.checks.finding import Finding


def python_syntax(path: str, content: bytes, version: AirflowVersion) -> Iterator[Finding]:
    """Parses a Python file in the grammar of the environment's Python.

    Args:
        path: Below the project's root.
        content: What it holds.
        version: Names the Python.
    """
    major, minor = version_key(version.python)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(content, path, feature_version=(major, minor))
    except SyntaxError as error:
        message = f"is not Python {version.python}: {error.msg}"
        yield Finding("python-syntax", "error", path, error.lineno, message)
    except ValueError as error:
        yield Finding("python-syntax", "error", path, None, f"is not Python source: {error}")
    except (RecursionError, MemoryError):
        message = "is nested too deeply to be looked at"
        yield Finding("python-syntax", "warning", path, None, message, "write it in several statements")
