"""An asset: a data set that a pipeline makes, with its contract, its checks and what it is made of."""

from collections.abc import Mapping as Arguments
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from typed_assets.spec.asset_rules import check_checks, check_place, check_quarantine
from typed_assets.spec.contracts import Contract, Severity
from typed_assets.spec.errors import SpecError
from typed_assets.spec.given import instance, member
from typed_assets.spec.locations import location
from typed_assets.spec.names import asset_name
from typed_assets.spec.partitions import Identity, Mapping, Partitions


@dataclass(frozen=True, slots=True)
class Dependency:
    """An upstream asset and which of its partitions a partition is made of."""

    asset: str
    mapping: Mapping = field(default_factory=Identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check beside the contract: a Python function or a SQL file that finds what is wrong.

    Attributes:
        name: unique for the asset.
        run: `module:function`, called with the asset's context, or the path of a SQL file that counts
            violations.
        severity: what a finding does.
        description: for readers.
    """

    name: str
    run: str
    severity: Severity = Severity.BLOCK
    description: str = ""

    def __post_init__(self) -> None:
        member(self, "severity", Severity)
        instance(self.run, str, "what a check runs", "name it: `module:function`, or the path of a SQL file")


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessPolicy:
    """How old the last publication may be before the asset is late, and before a warning is due.

    Raises:
        SpecError: an asset could never be fresh, or the warning would be due after the asset is late, and so
            never.
    """

    within: timedelta
    warn_within: timedelta | None = None

    def __post_init__(self) -> None:
        for name in ("within", "warn_within"):
            if (length := getattr(self, name)) is not None:
                instance(length, timedelta, f"`{name}`", "write `timedelta(days=1)`")
                _check_can_be_fresh(name, length)
        if self.warn_within is not None and self.warn_within > self.within:
            message = f"`within` is {self.within} and `warn_within`, which is longer, {self.warn_within}"
            raise SpecError(message, hint="the warning comes before the asset is late")


def _check_can_be_fresh(name: str, length: timedelta) -> None:
    if length <= timedelta():
        message = f"`{name}` is {length}, and no asset is younger than that"
        raise SpecError(message, hint="write how long after a publication the next one is due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Where rows that break the contract go, with the reason.

    Attributes:
        uri: a prefix of S3 for files, a table of the same database for a table.
        max_share: which part of the rows may go there, from 0 to 1, before the check fails.
    """

    uri: str
    max_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Watcher:
    """An event trigger of Airflow that tells of the asset when something outside happens to it.

    Attributes:
        name: unique for the asset.
        trigger: `module.Class` of a `BaseEventTrigger`.
        arguments: for its constructor; `{option}` in a text stands for an option, as in URIs.
    """

    name: str
    trigger: str
    arguments: Arguments[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An asset as its author declares it; the same value whether it was written in Python or in YAML.

    Attributes:
        name: unique in all DAGs; Airflow's asset has the same name.
        uri: see `locations`.
        owners: people or teams.
        description: one sentence, or more in Markdown.
        group: what it belongs to, for the catalogue.
        tags: for search.
        contract: what the data must be.
        partitions: how it is divided, or None.
        checks: checks beside the contract.
        upstream: assets it is made of.
        freshness: when it is late.
        quarantine: where bad rows go, or None: then bad rows are findings.
        watchers: what tells of changes from outside.

    Raises:
        SpecError: the name, the URI, the quarantine or a share is not good, a check's name occurs twice, or
            a rule or a column cannot be where the asset stands.
    """

    name: str
    uri: str
    owners: tuple[str, ...] = ()
    description: str = ""
    group: str = ""
    tags: tuple[str, ...] = ()
    contract: Contract | None = None
    partitions: Partitions | None = None
    checks: tuple[Check, ...] = ()
    upstream: tuple[Dependency, ...] = ()
    freshness: FreshnessPolicy | None = None
    quarantine: Quarantine | None = None
    watchers: tuple[Watcher, ...] = ()

    def __post_init__(self) -> None:
        asset_name(self.name)
        place = location(self.uri)
        if self.checks:
            check_checks(self)
        if self.checks or self.contract:
            check_place(self, place)
        if self.quarantine:
            check_quarantine(self.name, place, self.quarantine)
