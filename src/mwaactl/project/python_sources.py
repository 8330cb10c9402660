"""The Python files that a project ships."""

from collections.abc import Iterator

from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.reading import read_content


def python_sources(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    """Reads the Python files of dags/ and plugins/: path below the project's root, and content.

    Raises:
        ProjectError: A file cannot be read, or has changed since the bundle was read.
    """
    for dag in bundle.dags:
        if dag.key.endswith(".py"):
            yield dag.key, read_dag_file(dag)
    for file in bundle.plugin_files:
        if file.name.endswith(".py"):
            shown = f"{PLUGINS}/{file.name}"
            yield shown, read_content(file.path, shown)
