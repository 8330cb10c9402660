"""`make bench`: measure what a newcomer waits for, beside peers on the same machine in the same run."""

import sys
from collections.abc import Iterator

from benchmarks.measure import ROOT, Measurement, fresh_clone, median_of, seconds_of
from benchmarks.report import write_results

BIN = ROOT / ".venv" / "bin"
RUNS = 11


def start_up() -> Iterator[Measurement]:
    """How long the command line takes to answer at all."""
    own = median_of([str(BIN / "mwaactl"), "--help"], RUNS)
    yield Measurement("`mwaactl --help`", own, RUNS, 0.2)
    for peer in ("aws --version", "cfn-lint --version"):
        program, *rest = peer.split()
        yield Measurement(f"`{peer}` (peer)", median_of([str(BIN / program), *rest], RUNS), RUNS, None)


def first_ten_minutes() -> Iterator[Measurement]:
    """From a clone to a green pipeline, and once more on what is already up."""
    demo = ["make", "demo"]
    with fresh_clone() as clone:
        yield Measurement(
            "`make demo` in a fresh clone, package caches warm", seconds_of(demo, clone), 1, 180
        )
        yield Measurement("`make demo` again, everything up", seconds_of(demo, clone), 1, 75)
        seconds_of(["make", "down"], clone)
        yield Measurement("`make demo` after `make down`", seconds_of(demo, clone), 1, None)


def main() -> int:
    """Measure, print, and write benchmarks/README.md."""
    results = []
    for measurement in (*start_up(), *first_ten_minutes()):
        print(f"{measurement.seconds:8.2f} s  {measurement.what}", flush=True)
        results.append(measurement)
    write_results(results)
    return 0 if all(m.target is None or m.seconds <= m.target for m in results) else 1


if __name__ == "__main__":
    sys.exit(main())
