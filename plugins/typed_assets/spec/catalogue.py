"""What Airflow is told about an asset, so that whoever reads its API alone knows what the author declared.

Three places carry it, each under the key `typed_assets` (`publication.EXTRA_KEY`):

- the Airflow asset's `extra`: `asset_extra(asset)`, the whole declaration. Wherever a DAG names the asset, as
  an outlet or in a schedule, it must name it with this extra or by reference (`Asset.ref`): Airflow keeps the
  extra of the one that it read last;
- the extra of each asset event: `event_extra(asset, record)`, what was published, and under which contract;
- the XCom `typed_assets` of the check's task: the same value, pushed before the task fails, because a refused
  publication has no event.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from typed_assets.spec.assets import Asset, Check, Dependency, FreshnessPolicy, Quarantine, Watcher
from typed_assets.spec.catalogue_contracts import contract_from, contract_terms, describe_contract
from typed_assets.spec.catalogue_partitions import (
    describe_mapping,
    describe_partitions,
    mapping_from,
    partitions_from,
)
from typed_assets.spec.catalogue_values import present, seconds, timedelta_from
from typed_assets.spec.contracts import Severity
from typed_assets.spec.errors import SpecError
from typed_assets.spec.publication import EXTRA_KEY, Record, to_json


def describe(asset: Asset) -> dict[str, Any]:
    """Return an asset as JSON values; what is empty or not declared is left out.

    So are the arguments of watchers: they are for the trigger, and may hold what not every reader is to see.
    """
    return present(
        name=asset.name,
        uri=asset.uri,
        owners=list(asset.owners),
        description=asset.description,
        group=asset.group,
        tags=list(asset.tags),
        contract=describe_contract(asset.contract) if asset.contract else None,
        partitions=describe_partitions(asset.partitions) if asset.partitions else None,
        checks=[_describe_check(check) for check in asset.checks],
        upstream=[
            {"asset": dependency.asset, "mapping": describe_mapping(dependency.mapping)}
            for dependency in asset.upstream
        ],
        freshness=_describe_freshness(asset.freshness) if asset.freshness else None,
        quarantine=_describe_quarantine(asset.quarantine) if asset.quarantine else None,
        watchers=[{"name": watcher.name, "trigger": watcher.trigger} for watcher in asset.watchers],
    )


def described(value: Mapping[str, Any]) -> Asset:
    """Return the asset that `describe` made a value of; keys that a later version added are left out.

    Its watchers have no arguments.

    Raises:
        SpecError: a part of it is not good, is missing, or is of another kind than `describe` gives.
    """
    try:
        return _described(value)
    except SpecError:
        raise
    except KeyError as error:
        message = f"it has no `{error.args[0]}`"
        raise SpecError(message) from error
    except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise SpecError(str(error)) from error


def _described(value: Mapping[str, Any]) -> Asset:
    return Asset(
        name=value["name"],
        uri=value["uri"],
        owners=tuple(value.get("owners", ())),
        description=value.get("description", ""),
        group=value.get("group", ""),
        tags=tuple(value.get("tags", ())),
        contract=contract_from(value["contract"]) if "contract" in value else None,
        partitions=partitions_from(value["partitions"]) if "partitions" in value else None,
        checks=tuple(_check_from(check) for check in value.get("checks", ())),
        upstream=tuple(
            Dependency(each["asset"], mapping_from(each["mapping"])) for each in value.get("upstream", ())
        ),
        freshness=_freshness_from(value["freshness"]) if "freshness" in value else None,
        quarantine=Quarantine(**value["quarantine"]) if "quarantine" in value else None,
        watchers=tuple(Watcher(each["name"], each["trigger"]) for each in value.get("watchers", ())),
    )


def asset_extra(asset: Asset) -> dict[str, Any]:
    """Return the extra of the Airflow asset."""
    return {EXTRA_KEY: describe(asset)}


def event_extra(asset: Asset, record: Record) -> dict[str, Any]:
    """Return the extra of an asset event: the record, and the terms of the contract that held."""
    terms = contract_terms(asset.contract) if asset.contract else {}
    return {EXTRA_KEY: {**to_json(record), "contract": terms}}


def _describe_check(check: Check) -> dict[str, Any]:
    """Describe a check; where on this machine a SQL file lies is nobody's business."""
    run = PurePath(check.run).name if PurePath(check.run).is_absolute() else check.run
    return present(name=check.name, run=run, severity=str(check.severity), description=check.description)


def _check_from(value: Mapping[str, Any]) -> Check:
    return Check(
        name=value["name"],
        run=value["run"],
        severity=Severity(value["severity"]),
        description=value.get("description", ""),
    )


def _describe_freshness(policy: FreshnessPolicy) -> dict[str, Any]:
    return present(within=seconds(policy.within), warn_within=seconds(policy.warn_within))


def _freshness_from(value: Mapping[str, Any]) -> FreshnessPolicy:
    return FreshnessPolicy(
        within=timedelta_from(value["within"]),
        warn_within=timedelta_from(value["warn_within"]) if "warn_within" in value else None,
    )


def _describe_quarantine(quarantine: Quarantine) -> dict[str, Any]:
    return {"uri": quarantine.uri, "max_share": quarantine.max_share}
