from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.fakes.command_line import CONFIGURATION

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "from mwaactl.cli.start import main\nmain()\n"
# What an old machine's locale comes to, on one that need not have it.
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_a_name_is_read_as_utf_8_whatever_the_locale_says(tmp_path: Path) -> None:
    (tmp_path / "mwaactl.toml").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "größe.py").write_text("def\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", MAIN, "check", "--static", "--json"],
        cwd=tmp_path,
        env={**os.environ, **ASCII},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    told = json.loads(done.stdout)
    assert [each["path"] for each in told["findings"]] == ["dags/größe.py"]
    assert (done.returncode, told["skipped"]) == (1, [])
