"""What a change of an environment costs in time, and how it may replace workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from mwaactl.catalog.tables import read_table
from mwaactl.catalog.versions import version_key


@dataclass(frozen=True, slots=True)
class GracefulReplacement:
    """Where workers may be replaced gracefully.

    Attributes:
        since: The first Airflow version.
        not_in: Regions that do not offer it.
    """

    since: str
    not_in: frozenset[str]

    def exists_in(self, version: str, region: str) -> bool:
        """Tell whether an environment can have it."""
        return version_key(version) >= version_key(self.since) and region not in self.not_in


@cache
def durations() -> Mapping[str, str]:
    """Effect of a change to what it costs in time, in words: `none`, `dags`, `update`, `creation`."""
    return MappingProxyType(dict(read_table("changes")["durations"]))


@cache
def graceful_replacement() -> GracefulReplacement:
    """Where MWAA offers the strategy GRACEFUL."""
    found = read_table("changes")["worker_replacement"]
    return GracefulReplacement(found["graceful_since"], frozenset(found["graceful_not_in"]))
