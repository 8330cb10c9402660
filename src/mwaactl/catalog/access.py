"""Ways to reach an environment's web server, and the Airflow versions that offer them."""

from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an environment would not work as it is wanted.

    Attributes:
        message: Completes a sentence that begins with the setting.
        hint: The remedy.
    """

    message: str
    hint: str


def refused_access(name: str, airflow_version: str, *, internet: bool) -> Iterator[Refusal]:
    """Finds what makes a way to the web server impossible, or useless to the workers.

    Workers of Airflow 3 call the web server. With PUBLIC_ONLY they do so by its public address, and without a
    way out every task fails: https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html

    Args:
        name: A mode, for example `PUBLIC_ONLY`.
        airflow_version: For example `3.3.1`.
        internet: Whether the environment's subnets lead to a NAT gateway.
    """
    mode, others = access_modes()[name], "`PRIVATE_ONLY`"
    if not mode.exists_in(airflow_version):
        message = f"is `{name}`, which needs Airflow {mode.since} or newer, not {airflow_version}"
        yield Refusal(message, f"use `PUBLIC_ONLY` or {others}")
    if mode.workers_need_internet(airflow_version) and not internet:
        if access_modes()["PUBLIC_AND_PRIVATE"].exists_in(airflow_version):
            others = f"`PUBLIC_AND_PRIVATE` or {others}"
        message = (
            f"is `{name}` without a NAT gateway: workers of Airflow {airflow_version} "
            "could not reach the web server, and every task would fail"
        )
        yield Refusal(message, f"set `nat` to `one` or `per-zone`, or use {others}")


@cache
def access_modes() -> Mapping[str, AccessMode]:
    """All modes by name."""
    return MappingProxyType(
        {
            row["name"]: AccessMode(row["name"], row["since"], row.get("workers_need_internet_since"))
            for row in read_table("access")["mode"]
        }
    )
