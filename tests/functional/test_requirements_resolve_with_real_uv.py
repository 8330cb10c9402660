"""uv's own words are what the rule reads, so the rule meets a real uv, before an index on loopback."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_bundle
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.run import check_bundle
from mwaactl.project.uv_compile import UvCompiler

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv", path=ROOT / ".tools" / "uv" / "bin") or shutil.which("uv") or "uv"
WHEEL = "solo-1.0-py3-none-any.whl"
METADATA = b"Metadata-Version: 2.1\nName: solo\nVersion: 1.0\nRequires-Dist: amqp<5\n"


class Index(BaseHTTPRequestHandler):
    """Knows one package, `solo` 1.0, which needs an amqp older than the one that Airflow brings."""

    missing = 404

    def do_GET(self) -> None:
        """Answers a page of the index, the wheel's metadata, or the status for what is missing."""
        link = f'<a href="/{WHEEL}" data-core-metadata="true">{WHEEL}</a>'.encode()
        known = {"/simple/solo/": (b"text/html", link), f"/{WHEEL}.metadata": (b"text/plain", METADATA)}
        kind, body = known.get(self.path, (b"text/plain", b""))
        self.send_response(200 if body else self.missing)
        self.send_header("Content-Type", kind.decode())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps the test's output clean."""


class ClosedIndex(Index):
    """Asks for a login before it says anything about a package."""

    missing = 401


@contextmanager
def _serve(index: type[Index]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), index)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _check(root: Path, requirements: str, index: type[Index] = Index) -> tuple[Finding, ...]:
    (root / "requirements").mkdir()
    (root / "requirements" / "requirements.txt").write_text(requirements)
    with _serve(index) as url:
        compiler = UvCompiler(UV, arguments=["--no-cache", "--default-index", url], timeout=60)
        return check_bundle(read_bundle(root), "3.3.1", compiler=compiler)


def test_a_package_that_the_index_does_not_know_is_named(tmp_path: Path) -> None:
    (found,) = _check(tmp_path, "no-such-package==1.0\n")
    assert found.message == "`no-such-package` does not exist in the package registry"
    assert (found.rule, found.severity, found.line) == ("requirements-resolve", "error", 1)


def test_a_version_that_the_index_does_not_have_is_named(tmp_path: Path) -> None:
    (found,) = _check(tmp_path, "solo==9.9\n")
    assert found.message == "`solo==9.9` does not exist: no such version was published"


def test_what_cannot_live_beside_airflow_s_lock_is_a_conflict(tmp_path: Path) -> None:
    (found,) = _check(tmp_path, "solo==1.0\n")
    assert found.message.startswith("`solo==1.0` cannot be installed beside Airflow 3.3.1 on MWAA")
    assert "amqp" in found.message


def test_an_index_that_asks_for_a_login_is_no_missing_package(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="could not be resolved"):
        _check(tmp_path, "no-such-package==1.0\n", ClosedIndex)


def test_requirements_without_a_line_need_no_index(tmp_path: Path) -> None:
    assert _check(tmp_path, "# nothing yet\n", ClosedIndex) == ()
