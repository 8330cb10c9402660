"""How uv is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mwaactl.project.requirements.process import Run


@dataclass(frozen=True, slots=True)
class Uv:
    """The uv of this machine.

    Attributes:
        run: Runs it.
        environ: The process environment, which says how the package registry is reached.
        executable: Path or name.
        arguments: More arguments for every call that asks the registry, for example an index.
    """

    run: Run
    environ: Mapping[str, str]
    executable: str = "uv"
    arguments: Sequence[str] = ()


def reason_of(output: str) -> str:
    """Returns why uv could not do something, from what it wrote, in one line."""
    if "No space left on device" in output:
        return "no space left on device"
    return " ".join(output.split()) or "uv gave no reason"
