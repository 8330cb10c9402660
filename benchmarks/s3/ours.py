"""`mwaactl` as it is, with a real S3; the rest of AWS answers from memory, at once, that all is well.

Run as `python -m benchmarks.s3.ours ROOT deploy`, for example; the words after the project's root are
mwaactl's own. The last line on standard error is the peak of its memory in MiB.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, override

from mwaactl.cli.compose import Composition
from mwaactl.cli.console import Console
from mwaactl.cli.garbage import rarely_collected
from mwaactl.cli.invocation import Invocation
from mwaactl.cli.main import run

if TYPE_CHECKING:
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Gateways


@dataclass(frozen=True, slots=True)
class S3Composition(Composition):
    """Hands out a real bucket beside what rests, which is imported as late as the real composition does."""

    @override
    def gateways(self, root: Path, environment: EnvironmentConfig) -> Gateways:
        from benchmarks.s3.resting_aws import resting_gateways

        return resting_gateways(root, environment, self.elapsed)


def main(root: Path, arguments: list[str]) -> int:
    """Run one command line of mwaactl."""
    composition = S3Composition(environ=os.environ, directory=root)
    with rarely_collected():
        code = run(arguments, Invocation(composition=composition, console=Console(environ=os.environ)))
    sys.stderr.write(f"{peak_memory():.1f}\n")
    return code


def peak_memory() -> float:
    """Return the peak of this process's resident memory in MiB; getrusage would count what began it, too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
