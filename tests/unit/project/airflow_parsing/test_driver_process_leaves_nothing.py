import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.driver_process import run_driver
from tests.fakes.waiting import ends

ENVIRON = {"PATH": os.defpath}


def run(script: str, folder: Path, silence: float = 60.0) -> list[bytes]:
    lines: list[bytes] = []
    run_driver(
        [sys.executable, "-c", script], cwd=folder, environ=ENVIRON, take=lines.append, silence=silence
    )
    return lines


def test_lines_come_as_they_are_written(tmp_path: Path) -> None:
    assert run("print('one'); print('two' * 100_000)", tmp_path) == [b"one", b"two" * 100_000]


def test_what_the_driver_started_ends_with_it(tmp_path: Path) -> None:
    script = "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"
    assert ends(int(run(script, tmp_path)[0]))


def test_a_driver_that_fails_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="ended with code 4: no such thing"):
        run("import sys; print('no such thing', file=sys.stderr); sys.exit(4)", tmp_path)


def test_a_silent_driver_is_given_up(tmp_path: Path) -> None:
    script = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(600)"
    with pytest.raises(ProjectError, match="said nothing for 1 seconds"):
        run(script, tmp_path, silence=1.0)
    assert ends(int((tmp_path / "pid").read_text()))


def test_an_interruption_ends_the_driver(tmp_path: Path) -> None:
    def interrupt(line: bytes) -> None:
        del line
        threading.Timer(0.1, signal.raise_signal, [signal.SIGINT]).start()

    script = (
        "import subprocess, os, time\nchild = subprocess.Popen(['sleep', '600'])\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')\nprint('ready', flush=True)\ntime.sleep(600)"
    )
    with pytest.raises(KeyboardInterrupt):
        run_driver([sys.executable, "-c", script], cwd=tmp_path, environ=ENVIRON, take=interrupt)
    assert all(ends(int(pid)) for pid in (tmp_path / "pids").read_text().split())


def test_a_driver_learns_that_its_caller_was_killed(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from mwaactl.project.airflow_parsing.driver_process import run_driver\n"
        'inner = "import os, sys; print(os.getpid(), flush=True); "\n'
        "inner += \"sys.stdin.read(); open('told', 'w').close()\"\n"
        f"run_driver([sys.executable, '-c', inner], cwd=Path({str(tmp_path)!r}), environ={ENVIRON!r},\n"
        "    take=lambda line: print(line.decode(), flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as caller:
        assert caller.stdout is not None
        pid = int(caller.stdout.readline())
        caller.kill()
    assert ends(pid)
    assert (tmp_path / "told").exists()
