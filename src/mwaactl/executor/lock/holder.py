"""Who holds the lock, as `releases/lock.json` records it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from mwaactl.errors import OperationError

KEY = "releases/lock.json"


@dataclass(frozen=True, slots=True)
class Process:
    """A process of one machine.

    Attributes:
        host: Name of the machine.
        machine: What tells this run of the machine from any other: boot and process namespace.
        pid: Process id.
    """

    host: str
    machine: str
    pid: int


@dataclass(frozen=True, slots=True)
class Holder:
    """One deployment that holds the lock, or held it.

    Attributes:
        token: Tells this holder from any other; random.
        release: Id of the release that it is making, or the command, in backticks, that makes none.
        who: ARN of the caller.
        since: Moment in UTC, ISO 8601, by the holder's own clock; for people only.
        process: Where it runs.
        renewals: How often the lease was renewed, so that every renewal changes the object.
    """

    token: str
    release: str
    who: str
    since: str
    process: Process
    renewals: int = 0

    @property
    def named(self) -> str:
        """Who it is, for reading: what is made, by whom, where and since when."""
        what = self.release if self.release.startswith("`") else f"release {self.release}"
        return f"{what} by {self.who} on {self.process.host} since {self.since}"


def encode(holder: Holder) -> bytes:
    """Return a holder as JSON."""
    return (json.dumps(asdict(holder), indent=2) + "\n").encode()


def decode(content: bytes) -> Holder:
    """Read a holder from JSON.

    Raises:
        OperationError: If it is not one.
    """
    try:
        fields = json.loads(content)
        holder = Holder(process=Process(**fields.pop("process")), **fields)
        _refuse_other_types(holder)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"`{KEY}` in the source bucket is not a lock of mwaactl: {error}"
        hint = "remove it with `mwaactl release unlock`, once nobody deploys"
        raise OperationError(message, hint=hint, code="lock.unreadable") from error
    return holder


def _refuse_other_types(holder: Holder) -> None:
    process = holder.process
    texts = (holder.token, holder.release, holder.who, holder.since, process.host, process.machine)
    numbers = (process.pid, holder.renewals)
    if not (all(isinstance(each, str) for each in texts) and all(isinstance(each, int) for each in numbers)):
        message = "a value has another type"
        raise TypeError(message)
