"""Whoever reads the output may go away, the disk may be full, and the terminal may not know a character."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("mwaactl"))


def test_a_reader_that_has_gone_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run([PROGRAM, "config", "schema"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


def test_a_full_disk_is_told_in_a_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([PROGRAM, "config", "schema"], stdout=full, stderr=subprocess.PIPE, check=False)

    said = b"error: the result cannot be written to standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_what_the_encoding_lacks_is_written_as_an_escape(tmp_path: Path) -> None:
    (tmp_path / "mwaactl.toml").write_text('project = "flüge"\n', encoding="utf-8")
    (tmp_path / "dags").mkdir()
    environ = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    command = [PROGRAM, "check", "--json"]

    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=False)

    assert done.returncode == 1
    assert done.stdout.startswith(b"{")
    assert b"fl\\xfcge" in done.stderr
