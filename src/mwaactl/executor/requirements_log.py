"""Reads pip's log of an environment: MWAA logs a failed installation and starts without the packages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from mwaactl.catalog.limits import limits
from mwaactl.errors import ApplyError
from mwaactl.executor.pip_log import Failed, Idle, Installed, Outcome, Unfinished, outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mwaactl.aws.logs import LogStream
    from mwaactl.executor.gateways import Gateways

STREAMS = "requirements_install_"
# CloudWatch takes some seconds to show what was written, and MWAA up to ten to send it.
ATTEMPTS = 5
INTERVAL = timedelta(seconds=3)
# MWAA's images send a log every ten seconds; whoever writes nothing for longer has nothing to write.
QUIET = timedelta(seconds=20)
# After pip's time, what was written last must still arrive.
DELIVERY = timedelta(minutes=1)
_HINT = "run `mwaactl requirements check`, which tries requirements.txt out here, mend it and deploy again"


@dataclass(slots=True)
class _Log:
    """One stream: what it says now, and since when it says it."""

    group: str
    stream: LogStream
    lines: tuple[str, ...]
    unchanged_since: datetime
    outcome: Outcome = field(init=False)

    def __post_init__(self) -> None:
        self.outcome = outcome_of(self.lines)

    def is_quiet(self, now: datetime, long: timedelta) -> bool:
        return now - self.unchanged_since >= long


def verify_requirements(groups: Iterable[str], since: datetime, gateways: Gateways) -> int:
    """Read the streams that are newer than the update until pip has ended in each; return how many there are.

    Args:
        groups: Log groups of the components; each has a stream for each of its containers.
        since: When the update began: what was written before belongs to an earlier one.
        gateways: Where the logs are, and the clock.

    Raises:
        ApplyError: If pip failed, did not end within its nine minutes, or broke what was installed; the
            message gives the cause, the context the last lines of the log.
    """
    names, begun = tuple(groups), gateways.now()
    logs: dict[tuple[str, str], _Log] = {}
    for attempt in range(_most_attempts()):
        _read(logs, names, since, gateways)
        _refuse_failures(tuple(logs.values()))
        waiting = [log for log in logs.values() if not _is_done(log, begun, gateways.now())]
        if logs and not waiting:
            return len(logs)
        if not logs and attempt + 1 >= ATTEMPTS:
            return 0
        gateways.sleep(INTERVAL.total_seconds())
    raise _overdue(next(log for log in logs.values() if not _is_done(log, begun, gateways.now())))


def _most_attempts() -> int:
    """For a log that goes on and on."""
    return int((_limit() + 2 * DELIVERY) / INTERVAL)


def _limit() -> timedelta:
    return timedelta(seconds=limits().requirements_install_seconds)


def _read(
    logs: dict[tuple[str, str], _Log], groups: Sequence[str], since: datetime, gateways: Gateways
) -> None:
    for group in groups:
        for stream in gateways.logs.streams(group, STREAMS, since=since):
            lines, key = gateways.logs.lines(group, stream.name), (group, stream.name)
            if key not in logs or logs[key].lines != lines:
                logs[key] = _Log(group, stream, lines, gateways.now())


def _is_done(log: _Log, begun: datetime, now: datetime) -> bool:
    over = now - begun >= _limit() or _is_old(log, now)
    match log.outcome:
        case Installed() | Failed():
            return True
        case Idle(satisfied):
            return log.is_quiet(now, QUIET) and (satisfied or over)
        case Unfinished():
            if over and log.is_quiet(now, DELIVERY):
                raise _overdue(log)
            return False
        case _:
            assert_never(log.outcome)


def _is_old(log: _Log, now: datetime) -> bool:
    """Whether pip's time must be over, by the clock of CloudWatch."""
    created = datetime.fromtimestamp(log.stream.created / 1000, UTC)
    return now - created >= _limit() + DELIVERY


def _refuse_failures(logs: Sequence[_Log]) -> None:
    failed = [(log, log.outcome) for log in logs if isinstance(log.outcome, Failed)]
    if failed:
        (log, outcome), count = failed[0], f"{len(failed)} of {len(logs)} logs say so"
        about = f" of `{outcome.package}`" if outcome.package else ""
        message = (
            f"the environment runs without its requirements: installation{about} failed: {outcome.cause}"
        )
        raise _error(f"{message} ({count})" if len(logs) > 1 else message, log, outcome.excerpt, "failed")
    for log in logs:
        if isinstance(log.outcome, Installed) and log.outcome.broken:
            reasons = "; ".join(dict.fromkeys(each.rstrip(".") for each in log.outcome.broken))
            message = f"pip installed the requirements and broke what is there: {reasons}"
            raise _error(message, log, log.outcome.broken, "broken")


def _overdue(log: _Log) -> ApplyError:
    ended = log.outcome if isinstance(log.outcome, Unfinished) else Unfinished("nothing", ())
    minutes = _limit() // timedelta(minutes=1)
    message = (
        f"the environment runs without its requirements: pip did not end within {minutes} minutes, after "
        f"which MWAA stops it; its log ends with: {ended.last}"
    )
    return _error(message, log, ended.excerpt, "failed")


def _error(message: str, log: _Log, excerpt: Sequence[str], what: str) -> ApplyError:
    context = {"log_group": log.group, "log_stream": log.stream.name, "log_excerpt": "\n".join(excerpt)}
    hint = f"{_HINT}; the log is `{log.stream.name}` in `{log.group}`"
    return ApplyError(message, hint=hint, code=f"apply.requirements-{what}", context=context)
