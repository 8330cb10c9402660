"""Modules that hide Python's or Airflow's own: both folders stand on the module path of every process."""

import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.checks.finding import Finding

_AIRFLOW = frozenset({"airflow", "boto3", "botocore", "sqlalchemy", "flask", "celery"})


def shadowed_modules(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports the first file of each top-level module or package that has the name of another."""
    reported: set[str] = set()
    for path in _python_paths(bundle):
        folder, first, *_rest = PurePosixPath(path).parts
        module = first.removesuffix(".py")
        whose = _owner(module)
        if whose and f"{folder}/{module}" not in reported:
            reported.add(f"{folder}/{module}")
            message = f"`{module}` hides {whose} of that name from every Airflow process"
            yield Finding("shadowed-module", "error", path, None, message, "give it a name of your own")


def _python_paths(bundle: Bundle) -> tuple[str, ...]:
    keys = [dag.key for dag in bundle.dags] + [f"{PLUGINS}/{file.name}" for file in bundle.plugin_files]
    return tuple(sorted(key for key in keys if key.endswith(".py")))


def _owner(module: str) -> str | None:
    if module in sys.stdlib_module_names:
        return "the module of Python's standard library"
    return "the package in MWAA's image" if module in _AIRFLOW else None
