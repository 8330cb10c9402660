"""A package index on loopback that knows the packages it is told of, by their metadata only."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from tests.fakes.served_index import served_index


@dataclass(frozen=True)
class IndexedWheel:
    """One wheel of the index.

    Attributes:
        name: normalised name of the package.
        version: its version.
        sha256: the digest that the index names; empty for none.
    """

    name: str
    version: str
    sha256: str = ""

    @property
    def file(self) -> str:
        return f"{self.name}-{self.version}-py3-none-any.whl"

    def pages(self) -> Mapping[str, tuple[str, str]]:
        digest = f"#sha256={self.sha256}" if self.sha256 else ""
        link = f'<a href="/{self.file}{digest}" data-core-metadata="true">{self.file}</a>'
        metadata = f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}\n"
        return {
            f"/simple/{self.name}/": ("text/html", link),
            f"/{self.file}.metadata": ("text/plain", metadata),
        }


@contextmanager
def package_index(*wheels: IndexedWheel) -> Iterator[str]:
    """Serve the wheels; whatever else is asked for is not found.

    Yields:
        The address, for `--default-index` or `UV_DEFAULT_INDEX`.
    """
    pages = {path: page for wheel in wheels for path, page in wheel.pages().items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with served_index(Handler) as url:
        yield url
