"""Ignore files that Airflow cannot read: one odd line, and it finds no DAG at all."""

from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.airflow_ignore import AIRFLOW_IGNORE, ignore_lines, is_glob
from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.checks.finding import Finding
from mwaactl.project.reading import read_content

_RULE = "ignore-file"
_ENDS = "and Airflow ends its search for files there: it would find none"


def ignore_files(bundle: Bundle, version: AirflowVersion) -> Iterator[Finding]:
    """Reports what makes Airflow raise when it reads an `.airflowignore`.

    See `_find_path_from_directory` in Airflow's file discovery. Airflow 2 takes lines for regular expressions
    and passes over those that are none.
    """
    for path, content in _ignore_files(bundle):
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            yield Finding(_RULE, "error", path, line, f"is not UTF-8, {_ENDS}", "save it as UTF-8")
            continue
        if version.major >= 3:  # noqa: PLR2004 - the version whose default are globs
            yield from _no_globs(path, text)


def _no_globs(path: str, text: str) -> Iterator[Finding]:
    for number, pattern in ignore_lines(text):
        if not is_glob(pattern):
            hint = "write it as in .gitignore, where a `#` always begins a comment"
            yield Finding(_RULE, "error", path, number, f"`{pattern}` is no pattern, {_ENDS}", hint)


def _ignore_files(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    for dag in bundle.dags:
        if dag.key.endswith(f"/{AIRFLOW_IGNORE}"):
            yield dag.key, read_dag_file(dag)
    for file in bundle.plugin_files:
        path = f"{PLUGINS}/{file.name}"
        if path.endswith(f"/{AIRFLOW_IGNORE}"):
            yield path, read_content(file.path, path)
