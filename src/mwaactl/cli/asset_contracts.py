"""Finds contracts for the commands about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import OperationError, ProjectError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mwaactl.cli.invocation import Invocation
    from typed_assets.spec.assets import Asset
    from typed_assets.spec.contracts import Contract


def told_assets(invocation: Invocation, environment: str | None) -> list[Asset]:
    """Return the assets of `typed_assets` that an environment's Airflow holds.

    Raises:
        OperationError: There is no such environment, or it runs Airflow 2.
    """
    from mwaactl.cli.deployed_assets import assets_held
    from mwaactl.cli.environments import airflow_of

    return list(assets_held(airflow_of(invocation, environment)).values())


def locked_assets(invocation: Invocation, environment: str | None) -> list[Asset]:
    """Return the assets of the project's lock.

    Raises:
        ProjectError: It cannot be read.
    """
    from mwaactl.project.contract_lock import read_lock

    config, _ = invocation.composition.environment(invocation.config, environment)
    return list(read_lock(config.root).assets.values())


def the_contract(assets: Sequence[Asset], name: str) -> tuple[Asset, Contract]:
    """Return one of some assets, and its contract.

    Raises:
        OperationError: There is none of that name, or it has none.
    """
    from typed_assets.spec.errors import nearest

    asset = next((each for each in assets if each.name == name), None)
    if asset is None:
        message = f"there is no asset `{name}`"
        raise OperationError(message, hint=nearest(name, [each.name for each in assets]), code="asset.absent")
    if asset.contract is None:
        message = f"asset `{name}` has no contract"
        raise OperationError(message, code="asset.no-contract")
    return asset, asset.contract


def read_standard(file: Path, schema: str | None) -> Contract:
    """Return the contract that a file of the Open Data Contract Standard says.

    Raises:
        ProjectError: It says what a contract cannot say, or is no such file.
    """
    from typed_assets.spec.errors import SpecError
    from typed_assets.spec.odcs_reading import from_odcs

    try:
        return from_odcs(file.read_text(encoding="utf-8"), schema)
    except OSError as error:
        message = f"`{file}` cannot be read: {error.strerror}"
        raise ProjectError(message) from error
    except (SpecError, UnicodeDecodeError) as error:
        message = f"`{file}`: {getattr(error, 'message', 'is not UTF-8')}"
        raise ProjectError(message, hint=getattr(error, "hint", None)) from error
