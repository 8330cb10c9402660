"""The contracts that are deployed, as a file of the project: `contracts.lock.json`.

`mwaactl asset contract lock` writes what an environment's Airflow holds of assets; `mwaactl check`, which
asks nobody, compares the contracts of the working tree with it. It also says which contracts may break, which
holds too where they are compared with those that Airflow holds now.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaactl.errors import ProjectError
from typed_assets.spec.assets import Asset
from typed_assets.spec.catalogue import describe, described

LOCK = "contracts.lock.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class ContractLock:
    """What the file says.

    Attributes:
        assets: Those that have a contract, by name.
        may_break: Names of assets whose contracts may change as they like.
    """

    assets: Mapping[str, Asset] = field(default_factory=dict)
    may_break: frozenset[str] = frozenset()


def lock_text(assets: Sequence[Asset], may_break: Collection[str] = ()) -> str:
    """Returns the lock of assets that have a contract, by name.

    Args:
        assets: What is deployed.
        may_break: Names of assets that are left out.
    """
    entries = {
        asset.name: _entry(asset)
        for asset in sorted(assets, key=lambda each: each.name)
        if asset.contract and asset.name not in may_break
    }
    value: dict[str, Any] = {"format": _FORMAT, "assets": entries}
    if may_break:
        value["may_break"] = sorted(may_break)
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _entry(asset: Asset) -> dict[str, Any]:
    """What readers rely on; who owns it and how it is checked beside the contract is nothing to them."""
    told = describe(asset)
    return {key: told[key] for key in ("name", "uri", "contract", "upstream") if key in told}


def read_lock(root: Path) -> ContractLock:
    """Returns what the lock says; nothing where the project has none.

    Raises:
        ProjectError: It is not a lock that this version reads.
    """
    path = root / LOCK
    if not path.is_file():
        return ContractLock()
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["format"] != _FORMAT:
            message = f"format {value['format']}"
            raise ValueError(message)  # noqa: TRY301 - told as everything else that is wrong with it
        assets = {str(name): described(entry) for name, entry in value["assets"].items()}
        return ContractLock(assets, frozenset(map(str, value.get("may_break", ()))))
    except (
        OSError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        message = f"`{LOCK}` cannot be read: {error}"
        raise ProjectError(message, hint="write it again with `mwaactl asset contract lock`") from error
