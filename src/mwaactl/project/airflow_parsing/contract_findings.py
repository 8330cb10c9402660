"""Contracts of the working tree beside those that are deployed: what breaks readers must not be shipped."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from mwaactl.project.airflow_parsing.parse import Parsing
from mwaactl.project.airflow_parsing.sources import Sources
from mwaactl.project.checks.finding import Finding, Severity
from mwaactl.project.contract_lock import LOCK, read_lock
from typed_assets.spec.assets import Asset
from typed_assets.spec.catalogue import described
from typed_assets.spec.contract_changes import contract_changes
from typed_assets.spec.errors import SpecError

RULE = "contract-break"
_CONFIGURATION = "mwaactl.toml"
_ACCEPT = (
    "once its readers are ready, leave it out of the lock: `mwaactl asset contract lock --without {name}`"
)


def contract_findings(
    parsing: Parsing, sources: Sources, running: Mapping[str, Asset] | None = None
) -> Iterator[Finding]:
    """Reports what breaks readers of an asset: an error where the project has such readers.

    Args:
        parsing: What the DAGs of the working tree declare.
        sources: Their text.
        running: What the environment's Airflow holds; None where nobody has asked, then the lock counts.

    Raises:
        ProjectError: The lock of deployed contracts cannot be read.
    """
    lock = read_lock(sources.bundle.root)
    known = lock.assets if running is None else running
    deployed = {name: asset for name, asset in known.items() if name not in lock.may_break}
    if not deployed:
        return
    found = _declared(parsing)
    readers = _readers([*(asset for _, asset in found.values()), *deployed.values()])
    for name, old in deployed.items():
        if name in found:
            path, new = found[name]
            yield from _changed(old, new, path, sources, readers.get(name, ()))
        elif not any(facts.troubles or facts.ended for facts in parsing.files):
            place = LOCK if running is None else _CONFIGURATION
            yield from _gone(old, {reader for reader in readers.get(name, ()) if reader in found}, place)


def _declared(parsing: Parsing) -> Mapping[str, tuple[str, Asset]]:
    """The assets that DAGs declare, by name, with the file."""
    found: dict[str, tuple[str, Asset]] = {}
    for facts in parsing.files:
        for told in facts.assets:
            try:
                asset = described(told)
            except SpecError:
                continue  # of another version of the library, which tells it differently
            if asset.contract or asset.name not in found:
                found[asset.name] = (facts.file, asset)
    return found


def _readers(assets: list[Asset]) -> Mapping[str, set[str]]:
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for asset in assets:
        for dependency in asset.upstream:
            readers[dependency.asset].add(asset.name)
    return readers


def _changed(
    old: Asset, new: Asset, path: str, sources: Sources, readers: set[str] | tuple[str, ...]
) -> Iterator[Finding]:
    path, line = _place(old.name, path, sources)
    if old.contract is None or new.contract is None:
        if old.contract:
            reason = "has no contract any more"
            yield _finding(old.name, reason, readers, path, line)
        return
    for change in contract_changes(old.contract, new.contract):
        if change.breaking:
            yield _finding(old.name, f"{change.what}: {change.reason}", readers, path, line)


def _place(name: str, path: str, sources: Sources) -> tuple[str, int | None]:
    """Where an asset is declared: in the file that Airflow parsed, or in YAML that it has read."""
    if line := sources.at(path).asset(name):
        return path, line
    named = re.compile(rf"""\bname:\s*(["']?){re.escape(name)}\1\s*(?:[,}}#]|$)""".encode())
    for file in sources.bundle.dags:
        if file.key.endswith((".yaml", ".yml")):
            for number, text in enumerate(sources.at(file.key).content.splitlines(), 1):
                if named.search(text):
                    return file.key, number
    return path, None


def _gone(asset: Asset, readers: set[str], place: str) -> Iterator[Finding]:
    if readers and asset.contract:
        yield _finding(asset.name, "no DAG makes it any more", readers, place, None)


def _finding(
    name: str, reason: str, readers: set[str] | tuple[str, ...], path: str, line: int | None
) -> Finding:
    severity: Severity = "error" if readers else "warning"
    told = f", and `{'`, `'.join(sorted(readers))}` read it" if len(readers) > 1 else ""
    told = f", and `{next(iter(readers))}` reads it" if len(readers) == 1 else told
    message = f"the contract of `{name}` breaks what is deployed: {reason}{told}"
    return Finding(RULE, severity, path, line, message, _ACCEPT.format(name=name))
