"""A package index on a port of its own, whatever answers for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def served_index(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve what a handler answers.

    Yields:
        The address, for `--default-index` or `UV_DEFAULT_INDEX`.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
