"""The emulator's S3 in a process of its own, every request as late as a network makes it.

Run as `python -m benchmarks.s3.server PORT SECONDS STATE_DIR`; it serves until it is terminated.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from moto.s3.models import s3_backends

from mwaactl.emulator.composition import compose
from mwaactl.emulator.server import listen
from mwaactl.emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/_benchmark/"


class Delayed:
    """A WSGI app before another one: it waits in the request's own thread, and counts.

    Args:
        app: What answers.
        seconds: How long each request is on its way.
    """

    def __init__(self, app: WSGIApplication, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._lock = Lock()
        self._counts: Counter[str] = Counter()
        self._present = self._most = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            return self._page(path.removeprefix(PREFIX), environ, start_response)
        self._enter(str(environ.get("REQUEST_METHOD")))
        try:
            time.sleep(self._seconds)
            return self._app(environ, start_response)
        finally:
            with self._lock:
                self._present -= 1

    def _enter(self, method: str) -> None:
        with self._lock:
            self._counts[method] += 1
            self._present += 1
            self._most = max(self._most, self._present)

    def _page(self, name: str, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        query = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        if name == "plant":
            plant(query["bucket"], query["prefix"], Path(query["folder"]))
        elif name == "empty":
            empty()
        payload = json.dumps(self._taken_counts()).encode()
        start_response("200 OK", [("Content-Length", str(len(payload)))])
        return [payload]

    def _taken_counts(self) -> dict[str, int]:
        with self._lock:
            taken = {**self._counts, "in flight": self._most}
            self._counts.clear()
            self._most = 0
            return taken


def plant(bucket: str, prefix: str, folder: Path) -> None:
    """Put the files of a folder into a bucket without a request each."""
    backends = [each for regions in s3_backends.values() for each in regions.values()]
    backend = next(each for each in backends if bucket in each.buckets)
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        backend.put_object(bucket, prefix + path.relative_to(folder).as_posix(), path.read_bytes())


def empty() -> None:
    """Forget every bucket, so that no contestant meets what another one has left in memory."""
    for regions in s3_backends.values():
        for backend in regions.values():
            backend.reset()
    gc.collect()


def main(port: int, seconds: float, state_dir: Path) -> None:
    """Serve until SIGTERM."""
    settings = EmulatorSettings(
        project_root=state_dir, state_dir=state_dir, runtimes_dir=state_dir / "runtimes", port=port
    )
    composition = compose(settings)
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    server = listen(settings, Delayed(composition.app, seconds))
    composition.pages.ready = True
    stop.wait()
    server.shutdown()
    composition.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
