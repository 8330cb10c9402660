"""From a clone to a green pipeline, and once more on what is already up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Measurement, fresh_clone, seconds_of, seconds_section

if TYPE_CHECKING:
    from benchmarks.report import Section


def measure() -> Section:
    """Measure `make demo` three times."""
    demo = ["make", "demo"]
    with fresh_clone() as clone:
        first, again = seconds_of(demo, clone), seconds_of(demo, clone)
        seconds_of(["make", "down"], clone)
        anew = seconds_of(demo, clone)
    return seconds_section(
        "First ten minutes",
        "`make demo`: an emulated AWS, every stack, and a pipeline that runs to its end.",
        [
            Measurement("`make demo` in a fresh clone, package caches warm", first, 1, 180),
            Measurement("`make demo` again, everything up", again, 1, 75),
            Measurement("`make demo` after `make down`", anew, 1, None),
        ],
    )
