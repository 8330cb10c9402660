"""Finds contracts for the commands about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import OperationError, ProjectError

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.cli.invocation import Invocation
    from mwaactl.operations.held_assets import HeldAssets
    from typed_assets.spec.assets import Asset
    from typed_assets.spec.contracts import Contract


def told_assets(invocation: Invocation, environment: str | None) -> HeldAssets:
    """Return the assets of `typed_assets` that an environment's Airflow holds; shows which cannot be read.

    Raises:
        OperationError: There is no such environment, it runs Airflow 2, or it is in a status in which its
            Airflow cannot be relied on to answer.
    """
    from mwaactl.cli.deployed_assets import assets_held, why_not_asked
    from mwaactl.cli.environments import connected, find_environment
    from mwaactl.planner.statuses import REMEDIES

    _, gateways, present = find_environment(invocation, environment)
    if why := why_not_asked(present):
        hint = REMEDIES.get(present.status, "try again when it is AVAILABLE")
        raise OperationError(why, hint=hint, code="environment.not-ready")
    held = assets_held(connected(gateways, present))
    held.tell_unread(invocation.console.status)
    return held


def locked_assets(invocation: Invocation, environment: str | None) -> HeldAssets:
    """Return the assets of the project's lock: all of them can be read.

    Raises:
        ProjectError: It cannot be read.
    """
    from mwaactl.operations.held_assets import HeldAssets
    from mwaactl.project.contract_lock import read_lock

    config, _ = invocation.composition.environment(invocation.config, environment)
    return HeldAssets(read_lock(config.root).assets, {})


def the_contract(held: HeldAssets, name: str) -> tuple[Asset, Contract]:
    """Return one of some assets, and its contract.

    Raises:
        OperationError: There is none of that name, it cannot be read, or it has none.
    """
    from typed_assets.spec.errors import nearest

    if name in held.unread:
        message = f"asset `{name}` cannot be read: {held.unread[name]}"
        raise OperationError(message, code="asset.unread")
    asset = held.assets.get(name)
    if asset is None:
        message = f"there is no asset `{name}`"
        raise OperationError(message, hint=nearest(name, held.assets), code="asset.absent")
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
