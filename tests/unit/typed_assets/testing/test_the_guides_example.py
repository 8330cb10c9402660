"""The first example of the guide runs as it stands."""

import re
from pathlib import Path
from typing import Any

GUIDE = Path(__file__).parents[4] / "docs" / "guides" / "test-pipelines.md"


def test_the_example_of_an_asset_passes() -> None:
    code = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)[
        0
    ]
    names: dict[str, Any] = {"__name__": "test_flights"}
    exec(compile(code, str(GUIDE), "exec"), names)  # noqa: S102 - the repository's own page
    tests = [name for name in names if name.startswith("test_")]
    assert tests == [
        "test_a_mean_is_made_of_flights",
        "test_a_flight_that_is_two_days_late_publishes_nothing",
    ]
    for name in tests:
        names[name]()
