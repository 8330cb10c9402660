"""How long the command line takes to answer at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import BIN, Measurement, median_of, seconds_section

if TYPE_CHECKING:
    from benchmarks.report import Section

RUNS = 11


def measure() -> Section:
    """Measure `mwaactl --help` and its peers."""
    own = median_of([str(BIN / "mwaactl"), "--help"], RUNS)
    measurements = [Measurement("`mwaactl --help`", own, RUNS, 0.2)]
    for peer in ("aws --version", "cfn-lint --version"):
        program, *rest = peer.split()
        seconds = median_of([str(BIN / program), *rest], RUNS)
        measurements.append(Measurement(f"`{peer}` (peer)", seconds, RUNS, None))
    return seconds_section("Start-up", "The median of several runs.", measurements)
