"""The project's Python and YAML files by their paths, for findings that need a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from mwaactl.project.airflow_parsing.source_lines import SourceLines
from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.reading import read_content


@dataclass(frozen=True)
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
        read = self._readers.get(path)
        return read() if read and path.endswith((".py", ".yaml", ".yml")) else b""

    @cached_property
    def _readers(self) -> Mapping[str, Callable[[], bytes]]:
        readers: dict[str, Callable[[], bytes]] = {}
        for file in self.bundle.plugin_files:
            shown = f"{PLUGINS}/{file.name}"
            readers[shown] = partial(read_content, file.path, shown)
        return readers | {dag.key: partial(read_dag_file, dag) for dag in self.bundle.dags}
