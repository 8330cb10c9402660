"""CloudFormation's stacks, as they outlive the emulator's process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.engine import EngineContents

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.responses import Engines
    from mwaactl.emulator.cloudformation.stack import Stack

type KeptStacks = dict[tuple[str, str], EngineContents]
"""What the engine of an account and region holds."""

INTERRUPTED = "The emulator ended before the operation did"
_CLEANUP = "_CLEANUP_IN_PROGRESS"
_IN_PROGRESS = "_IN_PROGRESS"


class StacksPart:
    """The stacks of all accounts and regions, as a part of the state.

    Args:
        engines: What holds them.
    """

    name = "cloudformation"

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def mark(self) -> object:
        """Return how much has happened to every stack."""
        return tuple(
            (
                key,
                len(engine.contents().change_sets),
                sum(len(each.events) for each in _stacks(engine.contents())),
            )
            for key, engine in self._engines.all().items()
        )

    def settled(self) -> bool:
        """Tell whether no stack is being created, updated or deleted."""
        return not any(
            stack.busy for engine in self._engines.all().values() for stack in _stacks(engine.contents())
        )

    def read(self) -> KeptStacks:
        """Return the stacks and change sets themselves."""
        return {key: engine.contents() for key, engine in self._engines.all().items()}

    def install(self, kept: KeptStacks) -> None:
        """Put stacks and change sets back; work that was under way has failed."""
        for (account_id, region), contents in kept.items():
            for stack in contents.stacks.values():
                _end_work(stack)
            self._engines.engine(account_id, region).install(contents)


def _stacks(contents: EngineContents) -> list[Stack]:
    return list(contents.stacks.values())


def _end_work(stack: Stack) -> None:
    if not stack.busy:
        return
    for resource in list(stack.resources.values()):
        if resource.status.endswith(_IN_PROGRESS):
            status = f"{resource.status.removesuffix(_IN_PROGRESS)}_FAILED"
            stack.set_resource(resource, status, INTERRUPTED)
    stack.set_status(status_after_interruption(stack.status), INTERRUPTED)


def status_after_interruption(status: str) -> str:
    """Return a status from which a stack can be updated, deleted or created again.

    Args:
        status: That of the operation that was interrupted.
    """
    if status.endswith(_CLEANUP):
        return status.removesuffix(_CLEANUP)
    # From UPDATE_ROLLBACK_FAILED, AWS goes on with ContinueUpdateRollback only.
    return "UPDATE_FAILED" if status.startswith("UPDATE") else f"{status.removesuffix(_IN_PROGRESS)}_FAILED"
