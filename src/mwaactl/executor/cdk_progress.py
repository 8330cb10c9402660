"""What of the CDK's many lines is worth telling: one a stack, and the resource that it works on."""

import re

from mwaactl.executor.events import Detail, Tick

_RESOURCE = re.compile(
    r"^(?P<stack>\S+) \| +(?P<done>\d+/\d+) \| [^|]+ \| (?P<status>\w+) +\| (?P<type>\S+) +\| (?P<name>.*)$"
)
_STACK = re.compile(r"^(?P<stack>\S+): (?P<doing>deploying|updating stack|destroying)\.\.\.")
_DONE = re.compile(r"^✅ +(?P<stack>\S+)(?P<unchanged> \(no changes\))?$")
_SYNTHESIS = re.compile(r"^✨ +Synthesis time: (?P<seconds>[\d.]+)s$")
SLOW_TYPES = frozenset({"AWS::MWAA::Environment"})


def progress_of(line: str) -> Detail | Tick | None:
    """Return what a line of `cdk deploy --progress events` tells, or None for chatter.

    A resource that is being created is a tick, shown only where the next line can replace it; a resource that
    fails, or that takes long, is a detail, shown everywhere.
    """
    if match := _RESOURCE.match(line):
        return _resource(match)
    if match := _STACK.match(line):
        return Detail(f"stack {match['stack']}: {match['doing']}")
    if match := _DONE.match(line):
        return Detail(f"stack {match['stack']}: {'no changes' if match['unchanged'] else 'complete'}")
    if match := _SYNTHESIS.match(line):
        return Detail(f"stacks synthesised in {float(match['seconds']):.1f} s")
    return None


def _resource(match: re.Match[str]) -> Detail | Tick:
    status, kind = match["status"], match["type"]
    if status.endswith("_FAILED") or "ROLLBACK" in status:
        return Detail(f"{match['stack']}: {status} {kind} {match['name']}")
    if kind in SLOW_TYPES and status.endswith("_IN_PROGRESS"):
        return Detail(f"{match['stack']}: {kind} is being made, on AWS that takes 20 to 40 minutes")
    return Tick(f"{match['stack']} {match['done']}: {kind} {match['name']}")
