"""A package index on loopback that serves real wheels, which it makes from a few words."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from types import MappingProxyType
from typing import TYPE_CHECKING

from tests.fakes.served_index import served_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Wheel:
    """A file of the index.

    Attributes:
        file: name of the file, which says name, version and platform.
        content: its bytes.
    """

    file: str
    content: bytes

    @property
    def package(self) -> str:
        return self.file.split("-")[0].replace("_", "-")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def hash(self) -> str:
        return f"--hash=sha256:{self.sha256}"


def wheel(name: str, version: str, *requires: str, tag: str = "py3-none-any", payload: str = "") -> Wheel:
    """Make an installable wheel with one module."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    files = {
        f"{module}.py": f"VERSION = {version!r}\n{payload}",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return Wheel(f"{module}-{version}-{tag}.whl", buffer.getvalue())


def sdist(name: str, version: str) -> Wheel:
    """Make a source archive that nothing can build."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        entry = tarfile.TarInfo(f"{name}-{version}/PKG-INFO")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return Wheel(f"{name}-{version}.tar.gz", buffer.getvalue())


@contextmanager
def wheel_index(*wheels: Wheel, digests: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Serve the wheels; whatever else is asked for is not found.

    Args:
        wheels: the files.
        digests: what the index says of a file's SHA-256 where that is not true.

    Yields:
        The address, for `--default-index` or PIP_INDEX_URL.
    """
    pages = {f"/files/{each.file}": ("application/octet-stream", each.content) for each in wheels}
    for package in {each.package for each in wheels}:
        files = [each for each in wheels if each.package == package]
        links = "".join(
            f'<a href="/files/{each.file}#sha256={digests.get(each.file, each.sha256)}">{each.file}</a>'
            for each in files
        )
        pages[f"/simple/{package}/"] = (
            "text/html",
            f"<!DOCTYPE html><html><body>{links}</body></html>".encode(),
        )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(self._answer())

        def do_HEAD(self) -> None:
            self._answer()

        def _answer(self) -> bytes:
            kind, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return body

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with served_index(Handler) as url:
        yield url
