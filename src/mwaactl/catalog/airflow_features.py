"""What DAGs and plugins may use from which Airflow version on, and which libraries are slow to import."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mwaactl.catalog.tables import read_table
from mwaactl.catalog.versions import VersionKey, version_key


@dataclass(frozen=True, slots=True)
class AirflowFeatures:
    """The first version of features, as numbers.

    Attributes:
        names: Of dotted names to import.
        arguments: Of arguments of DAG, operators and `@task`.
        plugin_attributes: Of attributes of a plugin's class.
        context: Of keys of a task's context.
        slow_imports: CPU milliseconds that the import of a library takes.
    """

    names: Mapping[str, VersionKey]
    arguments: Mapping[str, VersionKey]
    plugin_attributes: Mapping[str, VersionKey]
    context: Mapping[str, VersionKey]
    slow_imports: Mapping[str, int]

    def since(self, name: str) -> VersionKey | None:
        """Returns the first version that has a dotted name, or the module of it; None if it is not known."""
        parts = name.split(".")
        within = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((self.names[each] for each in within if each in self.names), None)


@cache
def airflow_features() -> AirflowFeatures:
    """Returns the table."""
    table = read_table("airflow_features")

    def since(name: str) -> dict[str, VersionKey]:
        return {key: version_key(value) for key, value in table[name].items()}

    return AirflowFeatures(
        names=since("names"),
        arguments=since("arguments"),
        plugin_attributes=since("plugin_attributes"),
        context=since("context"),
        slow_imports=dict(table["slow_imports"]),
    )
