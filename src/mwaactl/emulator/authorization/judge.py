"""Decides about every request that a role's session or a user makes; what AWS would deny is not passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mwaactl.catalog.iam_requests import iam_requests
from mwaactl.emulator.authorization.access import UNKNOWN_RESOURCE, Access
from mwaactl.emulator.authorization.accesses import accesses
from mwaactl.emulator.authorization.call import read_call, read_signature
from mwaactl.emulator.authorization.callers import UnknownKeyError, account_of, known_caller
from mwaactl.emulator.authorization.denials import protocol_of
from mwaactl.emulator.authorization.refusals import RefusedError, refuse_unbound_session, unknown_key
from mwaactl.emulator.authorization.statement_owners import StatementOwners
from mwaactl.emulator.iam.common_keys import Circumstances, caller_keys, circumstance_keys
from mwaactl.emulator.iam.decision import Decision, Verdict
from mwaactl.emulator.iam.evaluation import Applicable, allowing, decide
from mwaactl.emulator.iam.principals import Caller, CallerKind
from mwaactl.emulator.iam.request import Request
from mwaactl.emulator.loopback import FOREIGN_ROLE, OWN_KEY
from mwaactl.emulator.mwaa.callers import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIEnvironment

    from mwaactl.emulator.authorization.call import Call, Signature
    from mwaactl.emulator.authorization.callers import KnownCaller
    from mwaactl.emulator.authorization.lookups import Lookups
    from mwaactl.emulator.authorization.usage import Usage


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
    caller: Caller
    denials: tuple[Denial, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    access: Access
    request: Request
    decision: Decision


class Judge:
    """Judges requests.

    Args:
        lookups: The state of the account.
        usage: Remembers every decision.
        developer: Returns by whose permissions the developer's own calls are judged; None if by nobody's.
    """

    def __init__(
        self, lookups: Lookups, usage: Usage, developer: Callable[[], KnownCaller | None] = lambda: None
    ) -> None:
        self._lookups = lookups
        self._usage = usage
        self._developer = developer
        self._owners = StatementOwners()

    def judge(self, environ: WSGIEnvironment) -> Judgement | None:
        """Return the judgement of a request; None if nobody's permissions limit it.

        That is one that is not signed, one whose key IAM does not know, which is the developer's own, and one
        that no operation of the service takes: the service says so itself.

        Args:
            environ: The request; its body stays readable.

        Raises:
            RefusedError: No policy is asked about the request.
        """
        signature = read_signature(environ)
        if signature is None or signature.access_key == OWN_KEY:
            return None
        caller = self._caller(signature, environ)
        if caller is None:
            return self._of_developer(signature, environ)
        service = iam_requests().get(signature.service)
        call = _call(environ, signature, caller.caller.account or "")
        if call is None:
            return None
        refuse_unbound_session(call, caller.caller)
        asked = accesses(call, service, self._lookups) if service else _by_action(call)
        keys = _shared_keys(environ, caller, call) | self._owners.keys(call, caller.caller.user_id or "")
        if service and call.operation in service.own:
            self._record_airflow_role(call, caller, keys)
        decisions = [(access, self._decide(call, caller, access, keys)) for access in asked]
        denials = tuple(Denial(access, decision) for access, decision in decisions if not decision.allowed)
        return Judgement(call, caller.caller, denials)

    def names_statement(self, judgement: Judgement) -> bool:
        """Tell whether the answer to what was judged is to be told to `see_answer`."""
        return self._owners.submits(judgement.call)

    def see_answer(self, judgement: Judgement, answer: bytes) -> None:
        """Remember whose the statement is that an answer names."""
        self._owners.remember(answer, judgement.caller.user_id or "")

    def _caller(self, signature: Signature, environ: WSGIEnvironment) -> KnownCaller | None:
        try:
            return known_caller(signature.access_key) or self._developer()
        except UnknownKeyError as error:
            raise RefusedError(unknown_key(signature.service, protocol_of(environ))) from error

    def _record_airflow_role(self, call: Call, caller: KnownCaller, keys: dict[str, str]) -> None:
        """Remember by which role of Airflow the service lets a caller in, or that it does by none."""
        prefix = f"arn:{call.partition}:airflow:{call.region}:{call.account}:role"
        resources = (f"{prefix}/{call.parameters.get('Name')}/{role}" for role in ROLES)
        asked = (Access(f"airflow:{call.operation}", resource) for resource in resources)
        judged = [self._judged(call, caller, access, keys) for access in asked]
        self._record(caller, next((each for each in judged if each.decision.allowed), judged[-1]))

    def _of_developer(self, signature: Signature, environ: WSGIEnvironment) -> Judgement | None:
        """Deny the developer what nobody can do: to take on a role that does not exist, as moto lets them."""
        if signature.service != "sts":
            return None
        account = account_of(signature.access_key)
        call = _call(environ, signature, account)
        if call is None or not call.operation.startswith("AssumeRole"):
            return None
        asked = accesses(call, iam_requests()["sts"], self._lookups)
        nobody = Decision(Verdict.NO_RESOURCE_POLICY)
        denials = tuple(
            Denial(access, nobody)
            for access in asked
            if not self._lookups.has_role(call, access.resource)
            and not access.resource.endswith(f":role/{FOREIGN_ROLE}")
        )
        caller = Caller(CallerKind.USER, f"arn:{call.partition}:sts::{account}:user/moto", account)
        return Judgement(call, caller, denials)

    def _decide(self, call: Call, caller: KnownCaller, access: Access, shared: dict[str, str]) -> Decision:
        judged = self._judged(call, caller, access, shared)
        self._record(caller, judged)
        return judged.decision

    def _judged(self, call: Call, caller: KnownCaller, access: Access, shared: dict[str, str]) -> _Judged:
        found = self._lookups.resource_policy(call, access.resource)
        request = Request(caller.caller, access.action, access.resource, {**shared, **access.keys})
        policies = Applicable(caller.identity, caller.boundary, caller.session, found.policy, found.decides)
        return _Judged(access, request, decide(request, policies))

    def _record(self, caller: KnownCaller, judged: _Judged) -> None:
        decision = judged.decision
        by = allowing(judged.request, caller.identity) if decision.allowed else ()
        self._usage.record(caller.entity, judged.access, decision, by)


def _call(environ: WSGIEnvironment, signature: Signature, account: str) -> Call | None:
    service = iam_requests().get(signature.service)
    return read_call(environ, signature, service.model if service else signature.service, account)


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
