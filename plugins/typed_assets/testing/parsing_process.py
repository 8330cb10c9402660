"""The process that imports DAG files for `parsing`: one for all, because importing Airflow takes seconds."""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import Any

_CHILD = Path(__file__).with_name("parsing_child.py")
TWO_MINUTES = 120.0
_OF_EACH_TEST = "PYTEST_CURRENT_TEST"


class _Importer:
    """A process that has imported Airflow, in an environment and a folder."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.place = (environment, folder)
        self._errors = TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=environment,
            cwd=folder,
            start_new_session=True,  # a group of its own, with its forks in it
        )

    def ask(self, path: str, seconds: float) -> str:
        """Return the line that answers the path of a file; nothing where the process has ended.

        Raises:
            TimeoutError: it took more than some seconds, and has been killed.
        """
        late = Event()

        def give_up() -> None:
            late.set()
            self._kill()

        limit = Timer(seconds, give_up)
        limit.start()
        try:
            return self._answer(path)
        finally:
            limit.cancel()
            limit.join()
            if late.is_set():
                raise TimeoutError

    def _answer(self, path: str) -> str:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return ""
        with suppress(BrokenPipeError):
            stdin.write(f"{path}\n")
            stdin.flush()
            return stdout.readline()
        return ""

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> str:
        """End the process and its forks; return what they have written to standard error."""
        self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it was not told any more
                    pipe.close()
        with self._errors as errors:
            errors.seek(0)
            return errors.read().decode(errors="replace")


_running: list[_Importer] = []
"""The process that runs, if one does."""


def import_apart(path: Path, *, seconds: float = TWO_MINUTES) -> Mapping[str, Any]:
    """Import a file in a fork of the process; return what it answers.

    Raises:
        RuntimeError: the process cannot be started, crashed, or took more than some seconds.
    """
    try:
        line = _importer().ask(str(path), seconds)
    except TimeoutError:
        _end()
        message = f"importing {path} three times took more than {seconds:g} seconds"
        raise RuntimeError(message) from None
    except BaseException:
        _end()  # what it still answers would be taken for the answer about the next file
        raise
    if not line:
        raise RuntimeError(_end().strip()[-2000:] or f"the process that imports {path} ended")
    answer: dict[str, Any] = json.loads(line)
    if crash := answer.get("crash"):
        raise RuntimeError(crash)
    return answer


def _importer() -> _Importer:
    """Return the process, started anew where the environment is another one now."""
    environment = {name: value for name, value in os.environ.items() if name != _OF_EACH_TEST}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    place = (environment, Path.cwd())
    if _running and _running[0].place != place:
        _end()
    if not _running:
        _running.append(_Importer(*place))
    return _running[0]


@atexit.register
def _end() -> str:
    return _running.pop().end() if _running else ""
