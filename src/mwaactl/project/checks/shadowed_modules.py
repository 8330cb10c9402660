"""Modules with a name that Python, MWAA's image or the other folder has already."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from mwaactl.catalog.import_names import ImportNames, import_names
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import PLUGINS, Bundle
from mwaactl.project.checks.finding import Finding, Severity
from mwaactl.project.dag_files import DAGS
from mwaactl.project.plugin_modules import loaded_plugin_files

RULE = "shadowed-module"
_HINT = "give it a name of your own"
_NESTED_HINT = f"{_HINT}, or name it in `plugins/.airflowignore` if it holds no plugin"


def shadowed_modules(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports modules that take another's name from it, and those that never get their own.

    Airflow appends dags/ and plugins/ to the module path, so that what is installed comes first. A plugin's
    file is loaded by its path all the same, and then stands in place of the module of that name.
    """
    names = import_names(version.version, version.python)
    dags = _top_level(dag.key.removeprefix(f"{DAGS}/") for dag in bundle.dags)
    plugins = _top_level(file.name for file in bundle.plugin_files)
    yield from _hidden(DAGS, dags, names, "warning")
    yield from _hidden(PLUGINS, plugins, names, "error")
    yield from _replacing(loaded_plugin_files(bundle, version), names, dags)
    yield from _doubled(plugins, dags)


def _hidden(
    folder: str, modules: dict[str, str], names: ImportNames, severity: Severity
) -> Iterator[Finding]:
    for module, file in modules.items():
        whose, is_regular = _owner(module, names), "/" not in file or file.endswith("/__init__.py")
        if whose and not (folder == PLUGINS and "/" not in file):
            message = f"`{module}` cannot be imported: {whose} of that name comes first"
            yield Finding(RULE, severity, f"{folder}/{file}", None, message, _HINT)
        elif module in names.shared and is_regular:
            message = f"`{module}` hides the installed packages that begin with `{module}.`"
            yield Finding(RULE, "error", f"{folder}/{file}", None, message, _HINT)


def _replacing(loaded: dict[str, str], names: ImportNames, dags: dict[str, str]) -> Iterator[Finding]:
    for file, module in loaded.items():
        top = "/" not in file
        whose = _owner(module, names) or (f"`{DAGS}/{dags[module]}`" if module in dags and not top else None)
        if whose:
            message = f"`{module}` replaces {whose} in every process: Airflow loads it under its bare name"
            severity: Severity = "error" if top else "warning"
            hint = _HINT if top else _NESTED_HINT
            yield Finding(RULE, severity, f"{PLUGINS}/{file}", None, message, hint)


def _doubled(plugins: dict[str, str], dags: dict[str, str]) -> Iterator[Finding]:
    for module in sorted(plugins.keys() & dags.keys()):
        message = (
            f"`{module}` is also the name of `{DAGS}/{dags[module]}`, and only one of them can be imported"
        )
        yield Finding(RULE, "error", f"{PLUGINS}/{plugins[module]}", None, message, _HINT)


def _top_level(paths: Iterable[str]) -> dict[str, str]:
    """Returns what can be imported from a folder: name to file; for a package its `__init__.py`, if there."""
    found: dict[str, str] = {}
    for path in sorted(path for path in paths if path.endswith(".py")):
        module = PurePosixPath(path).parts[0].removesuffix(".py")
        if module not in found or path == f"{module}/__init__.py":
            found[module] = path
    return found


def _owner(module: str, names: ImportNames) -> str | None:
    if module in names.standard_library:
        return "the module of Python's standard library"
    return "the package in MWAA's image" if module in names.installed else None
