"""Ways to reach an environment's web server, and the Airflow versions that offer them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from mwaactl.catalog.tables import read_table
from mwaactl.catalog.versions import version_key


@dataclass(frozen=True, slots=True)
class AccessMode:
    """One value of WebserverAccessMode.

    Attributes:
        name: For example `PUBLIC_ONLY`.
        since: First Airflow version that has it.
        workers_need_internet_since: First Airflow version whose workers reach the web server through the
            internet, so that every task fails in subnets without a way out; None for never.
    """

    name: str
    since: str
    workers_need_internet_since: str | None

    def exists_in(self, airflow_version: str) -> bool:
        """Says whether this Airflow version offers the mode."""
        return version_key(airflow_version) >= version_key(self.since)

    def workers_need_internet(self, airflow_version: str) -> bool:
        """Says whether tasks of this Airflow version fail without a NAT gateway."""
        since = self.workers_need_internet_since
        return since is not None and version_key(airflow_version) >= version_key(since)


@cache
def access_modes() -> Mapping[str, AccessMode]:
    """All modes by name."""
    return MappingProxyType(
        {
            row["name"]: AccessMode(row["name"], row["since"], row.get("workers_need_internet_since"))
            for row in read_table("access")["mode"]
        }
    )
