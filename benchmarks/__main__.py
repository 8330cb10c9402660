"""`make bench`: measure what a newcomer waits for, beside peers on the same machine in the same run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks import (
    contract_check,
    environment,
    first_ten_minutes,
    moto_peer,
    race,
    start_up,
    synth,
    warehouse_copy,
)
from benchmarks.materialize import comparison as materialize
from benchmarks.pipelines import comparison as pipelines
from benchmarks.report import write_section
from benchmarks.s3 import comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.report import Section

BENCHMARKS: Mapping[str, Callable[[], Section]] = {
    "start-up": start_up.measure,
    "synth": synth.measure,
    "demo": first_ten_minutes.measure,
    "s3": comparison.measure,
    "race": race.measure,
    "copy": warehouse_copy.measure,
    "contract": contract_check.measure,
    "moto": moto_peer.measure,
    "environment": environment.measure,
    "materialize": materialize.measure,
    "pipelines": pipelines.measure,
    "pipelines-pass": pipelines.measure_pass,
}


def main(names: list[str]) -> int:
    """Measure, print, and write benchmarks/README.md.

    Args:
        names: Of the benchmarks to run; all of them where it is empty.

    Returns:
        1 where a promise is not kept, 2 where a name is not known.
    """
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    kept = True
    for name in names or BENCHMARKS:
        section = BENCHMARKS[name]()
        write_section(section)
        kept = kept and section.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
