"""The contracts that are deployed, as a file of the project: `contracts.lock.json`.

`mwaactl asset contract lock` writes what an environment's Airflow holds of assets; `mwaactl check`, which
asks nobody, compares the contracts of the working tree with it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mwaactl.errors import ProjectError
from typed_assets.spec.assets import Asset
from typed_assets.spec.catalogue import describe, described
from typed_assets.spec.errors import SpecError

LOCK = "contracts.lock.json"
_FORMAT = 1


def lock_text(assets: Sequence[Asset]) -> str:
    """Returns the lock of assets that have a contract, by name."""
    entries = {
        asset.name: _entry(asset) for asset in sorted(assets, key=lambda each: each.name) if asset.contract
    }
    return json.dumps({"format": _FORMAT, "assets": entries}, indent=2, ensure_ascii=False) + "\n"


def _entry(asset: Asset) -> dict[str, Any]:
    """What readers rely on; who owns it and how it is checked beside the contract is nothing to them."""
    told = describe(asset)
    return {key: told[key] for key in ("name", "uri", "contract", "upstream") if key in told}


def read_lock(root: Path) -> Mapping[str, Asset]:
    """Returns the locked assets by name; none where the project has no lock.

    Raises:
        ProjectError: It is not a lock that this version reads.
    """
    path = root / LOCK
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["format"] != _FORMAT:
            message = f"format {value['format']}"
            raise ValueError(message)  # noqa: TRY301 - told as everything else that is wrong with it
        return {str(name): described(entry) for name, entry in value["assets"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SpecError) as error:
        message = f"`{LOCK}` cannot be read: {error}"
        raise ProjectError(message, hint="write it again with `mwaactl asset contract lock`") from error
