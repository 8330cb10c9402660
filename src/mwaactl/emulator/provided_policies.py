"""AWS's own policies, in the partitions that are used: moto makes those of all at the first request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.iam.models import IAMBackend
from moto.utilities.utils import get_partition

if TYPE_CHECKING:
    from moto.iam.models import ManagedPolicy

    from mwaactl.emulator.settings import EmulatorSettings

_MAKE = IAMBackend._init_aws_policies  # noqa: SLF001 - what its constructor calls


def install(settings: EmulatorSettings) -> None:
    """Leave out the policies of partitions without a region of the settings: 1,500 each, and a second in all.

    Call it before the first request: backends that moto has made already stay as they are.
    """
    used = {get_partition(each.region) for each in settings.bootstrap_targets}

    def of_used_partitions(backend: IAMBackend) -> list[ManagedPolicy]:
        return _MAKE(backend) if backend.region_name in used else []

    IAMBackend._init_aws_policies = of_used_partitions  # type: ignore[assignment, method-assign]  # noqa: SLF001
