"""Decides about every request that a role's session or a user makes; what AWS would deny is not passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mwaactl.catalog.iam_requests import iam_requests
from mwaactl.emulator.authorization.access import UNKNOWN_RESOURCE, Access
from mwaactl.emulator.authorization.accesses import accesses
from mwaactl.emulator.authorization.call import read_call, read_signature
from mwaactl.emulator.authorization.callers import known_caller
from mwaactl.emulator.iam.common_keys import Circumstances, caller_keys, circumstance_keys
from mwaactl.emulator.iam.evaluation import Applicable, allowing, decide
from mwaactl.emulator.iam.request import Request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.authorization.callers import KnownCaller
    from mwaactl.emulator.authorization.lookups import Lookups
    from mwaactl.emulator.authorization.usage import Usage
    from mwaactl.emulator.iam.decision import Decision


@dataclass(frozen=True, slots=True)
class Denial:
    """One thing that a call asks for and does not get.

    Attributes:
        access: What.
        decision: Why not.
    """

    access: Access
    decision: Decision


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided about a call.

    Attributes:
        call: The call.
        caller: Who makes it.
        denials: What it does not get, in the order in which it asks; () lets it pass.
    """

    call: Call
    caller: KnownCaller
    denials: tuple[Denial, ...]


class Judge:
    """Judges requests.

    Args:
        lookups: The state of the account.
        usage: Remembers every decision.
    """

    def __init__(self, lookups: Lookups, usage: Usage) -> None:
        self._lookups = lookups
        self._usage = usage

    def judge(self, environ: WSGIEnvironment) -> Judgement | None:
        """Return the judgement of a request; None if nobody's permissions limit it.

        That is one that is not signed, one whose key IAM does not know, which is the developer's own, and one
        that no operation of the service takes: the service says so itself.

        Args:
            environ: The request; its body stays readable.
        """
        signature = read_signature(environ)
        caller = known_caller(signature.access_key) if signature else None
        if signature is None or caller is None:
            return None
        service = iam_requests().get(signature.service)
        model = service.model if service else signature.service
        call = read_call(environ, signature, model, caller.caller.account or "")
        if call is None:
            return None
        asked = accesses(call, service, self._lookups) if service else _by_action(call)
        keys = _shared_keys(environ, caller, call)
        decisions = [(access, self._decide(call, caller, access, keys)) for access in asked]
        denials = tuple(Denial(access, decision) for access, decision in decisions if not decision.allowed)
        return Judgement(call, caller, denials)

    def _decide(self, call: Call, caller: KnownCaller, access: Access, shared: dict[str, str]) -> Decision:
        found = self._lookups.resource_policy(call, access.resource)
        request = Request(caller.caller, access.action, access.resource, {**shared, **access.keys})
        policies = Applicable(caller.identity, caller.boundary, caller.session, found.policy, found.decides)
        decision = decide(request, policies)
        by = allowing(request, caller.identity) if decision.allowed else ()
        self._usage.record(caller.entity, access, decision, by)
        return decision


def _by_action(call: Call) -> tuple[Access, ...]:
    """Return what a call of a service that is not described asks for: its action, on whatever resource."""
    return (Access(f"{call.service}:{call.operation}", UNKNOWN_RESOURCE),)


def _shared_keys(environ: WSGIEnvironment, caller: KnownCaller, call: Call) -> dict[str, str]:
    """Return the keys that hold for everything that a call asks for.

    The endpoint on the loopback device stands for AWS's, which clients reach over TLS.
    """
    circumstances = Circumstances(
        now=datetime.now(tz=UTC),
        region=call.region,
        source_ip=environ.get("REMOTE_ADDR"),
        user_agent=environ.get("HTTP_USER_AGENT", ""),
        secure=True,
        issued_at=caller.issued_at,
    )
    keys = caller_keys(caller.caller) | circumstance_keys(caller.caller, circumstances)
    return keys | {"aws:resourceaccount": call.account, "s3:resourceaccount": call.account}
