"""What of CloudFormation equals AWS, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.evaluation import FUNCTIONS
from mwaactl.emulator.cloudformation.responses import CloudFormationResponse
from mwaactl.emulator.cloudformation.types import OWN_TYPES
from mwaactl.emulator.parity.operations import answered, others
from mwaactl.emulator.parity.row import equal, listed, refused
from mwaactl.emulator.wire_errors import NOT_MODELLED

if TYPE_CHECKING:
    from mwaactl.emulator.parity.row import Row


def equal_rows() -> tuple[Row, ...]:
    """Return what a client of CloudFormation cannot tell from AWS."""
    return (
        equal("operations of CloudFormation", listed(_operations())),
        equal(
            "resource types", f"{listed(OWN_TYPES)}: the properties that are modelled, through the services"
        ),
        equal("intrinsic functions", listed(FUNCTIONS)),
        equal("a creation or an update that fails", "is rolled back, with the events of CloudFormation"),
        equal("outputs and exports", "an export that is in use cannot be changed or deleted"),
    )


def refused_rows() -> tuple[Row, ...]:
    """Return what CloudFormation takes and the emulator refuses by name."""
    before = "the template is refused before anything is made"
    return (
        refused("other operations of CloudFormation", NOT_MODELLED, _other_operations()),
        refused("other resource types, unless moto models them", f"ValidationError: {before}"),
        refused("other properties of these resource types", f"ValidationError: {before}"),
        refused("other intrinsic functions and transforms", f"ValidationError: {before}"),
        refused("dynamic references", "the resource fails, and the stack is rolled back"),
        refused("an update that is not modelled", "the resource fails, and the stack is rolled back"),
    )


def _operations() -> tuple[str, ...]:
    return answered("cloudformation", CloudFormationResponse)


def _other_operations() -> str:
    return listed(others("cloudformation", _operations()))
