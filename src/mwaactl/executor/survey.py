"""Reads what is there before it is known what is wanted, so that both can be found out at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from mwaactl.executor.background import begin
from mwaactl.executor.listing import list_in_ranges
from mwaactl.executor.release_record import read_releases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.config.names import Names
    from mwaactl.executor.gateways import Bucket, Gateways
    from mwaactl.executor.release_record import Recorded
    from mwaactl.observed import ObservedEnvironment, ObservedStack, StoredObject

PREFIXES = ("dags/", "artifacts/")


@dataclass(frozen=True, slots=True)
class Survey:
    """What an environment is, except for contents that no release accounts for.

    Attributes:
        stacks: Stack name to stack, for those that exist.
        environment: The MWAA environment, if it exists.
        recorded: The releases that matter; None where there is no bucket.
        listed: Key to object, for what lies under `dags/` and `artifacts/`.
    """

    stacks: Mapping[str, ObservedStack]
    environment: ObservedEnvironment | None
    recorded: Recorded | None = None
    listed: Mapping[str, StoredObject] = field(default_factory=dict)


def survey(names: Names, gateways: Gateways) -> Survey:
    """Read stacks, environment, releases, and what the bucket lists."""
    bucket = begin(partial(_bucket, gateways.bucket))
    environment = begin(partial(gateways.environments.find, names.environment_name))
    stacks = {name: begin(partial(gateways.stacks.find, name)) for name in names.stacks}
    found = {name: stack for name, each in stacks.items() if (stack := each.result()) is not None}
    return Survey(found, environment.result(), *bucket.result())


def _bucket(bucket: Bucket) -> tuple[Recorded | None, Mapping[str, StoredObject]]:
    if not bucket.exists():
        return None, {}
    recorded = read_releases(bucket)
    known = {each.key: each for each in recorded.current.files} if recorded.current else {}
    listed = [list_in_ranges(bucket, prefix, known) for prefix in PREFIXES]
    return recorded, {each.key: each for each in chain.from_iterable(listed)}
