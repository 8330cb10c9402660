"""The project's Python files by their paths, for findings that need a line."""

from dataclasses import dataclass, field

from mwaactl.project.airflow_parsing.source_lines import SourceLines
from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.reading import read_content


@dataclass(frozen=True, slots=True)
class Sources:
    """Reads each file once, when it is needed.

    Attributes:
        bundle: The project.
    """

    bundle: Bundle
    _read: dict[str, SourceLines] = field(default_factory=dict)

    def at(self, path: str) -> SourceLines:
        """Returns a file of dags/ or plugins/; one that is not shipped is empty.

        Raises:
            ProjectError: It changed or vanished.
        """
        if path not in self._read:
            self._read[path] = SourceLines(self._content(path))
        return self._read[path]

    def _content(self, path: str) -> bytes:
        if not path.endswith(".py"):
            return b""
        if dag := next((each for each in self.bundle.dags if each.key == path), None):
            return read_dag_file(dag)
        name = path.removeprefix(f"{PLUGINS}/")
        file = next((each for each in self.bundle.plugin_files if each.name == name), None)
        return read_content(file.path, path) if file else b""
