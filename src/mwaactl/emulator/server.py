"""The emulator's process: listens, seeds the CDK's bootstrap, and ends everything when told to end."""

from __future__ import annotations

import logging
import os
import signal
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from werkzeug.serving import make_server

from mwaactl.emulator.cdk_bootstrap import seed
from mwaactl.emulator.composition import compose
from mwaactl.emulator.kept_connections import KeptConnection
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.state.checkpoints import SaveError
from mwaactl.emulator.state_file import remove_record, write_own_record

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from werkzeug.serving import BaseWSGIServer

    from mwaactl.emulator.composition import Composition

_log = logging.getLogger(__name__)

WAITING = 4096
"""Connections that may wait to be accepted. A client with hundreds of them, as s5cmd is, overflows werkzeug's
128: the kernel drops what is too many, and the client knocks again after whole seconds."""


class QuietRequestHandler(KeptConnection):
    """A connection without a line in the log per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log only what failed on our side."""
        if str(code).startswith("5"):
            super().log_request(code, size)


def main(arguments: list[str]) -> None:
    """Run the emulator until SIGTERM or SIGINT.

    Args:
        arguments: One, the settings as JSON.
    """
    settings = EmulatorSettings.from_json(arguments[0])
    write_own_record(settings)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    composition = compose(settings)
    composition.checkpoints.restore()
    server = listen(settings, composition.app)
    try:
        seed(settings)
        composition.resume()
        composition.checkpoints.start()
        composition.pages.ready = True
        _log.info("ready on %s (process %d)", settings.endpoint_url, os.getpid())
        Thread(target=composition.prepare, name="prepare", daemon=True).start()
        stop.wait()
    finally:
        _end(server, composition, settings)


def listen(settings: EmulatorSettings, app: WSGIApplication) -> BaseWSGIServer:
    """Listen on the settings' address and let the app answer in threads; returns at once.

    Raises:
        SystemExit: If the port is taken; werkzeug says so on standard error.
    """
    server = make_server(
        settings.host,
        settings.port,
        app,
        threaded=True,
        request_handler=QuietRequestHandler,
    )
    server.socket.listen(WAITING)
    Thread(target=server.serve_forever, name="aws-endpoint", daemon=True).start()
    return server


def _end(server: BaseWSGIServer, composition: Composition, settings: EmulatorSettings) -> None:
    _log.info("ending")
    composition.pages.ready = False
    # The environments' ends still call our own services: the endpoint closes last.
    try:
        composition.checkpoints.close()
        composition.close()
        _save(composition)
    finally:
        server.shutdown()
        remove_record(settings.state_dir)
        _log.info("ended")


def _save(composition: Composition) -> None:
    try:
        written = composition.checkpoints.save()
    except SaveError as error:
        _log.error("the state could not be written, the old one stands: %s", error)
    else:
        _log.info("kept %s", written.holds.text)


def _exit(code: Any) -> None:  # noqa: ANN401 - what sys.exit takes
    sys.stdout.flush()
    # Threads of services (DuckDB, moto) are no reason to stay once everything has been closed.
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
    _exit(0)
