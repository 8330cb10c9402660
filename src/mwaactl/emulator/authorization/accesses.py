"""Everything that IAM judges for one call."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.access import Access
from mwaactl.emulator.authorization.condition_keys import request_keys
from mwaactl.emulator.authorization.entailed import entailed
from mwaactl.emulator.authorization.resources import actions_on_resources
from mwaactl.emulator.authorization.s3_accesses import s3_accesses

if TYPE_CHECKING:
    from mwaactl.catalog.iam_requests import ServiceRequests
    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.authorization.lookups import Lookups


def accesses(call: Call, service: ServiceRequests, lookups: Lookups) -> tuple[Access, ...]:
    """Return what a call asks for, all of which must be allowed; () if it needs no permission.

    Args:
        call: The call.
        service: What IAM asks for calls of its service.
        lookups: The state of the account.
    """
    if call.operation in service.free | service.own:
        return ()
    keys = MappingProxyType(request_keys(call, service))
    base = tuple(
        Access(action, resource, keys) for action, resource in actions_on_resources(call, service, lookups)
    )
    own = tuple(s3_accesses(call, base, lookups)) if call.service == "s3" else base
    return (*own, *entailed(call, service, base, lookups))
