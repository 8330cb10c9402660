"""uv's own words are what messages are made of, so they meet a real uv, before an index on loopback."""

import os
from http.server import BaseHTTPRequestHandler

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.requirements.lock import Lock, compile_lock
from mwaactl.project.requirements.package_set import package_set
from mwaactl.project.requirements.process import run_process
from mwaactl.project.requirements.uv import Uv
from tests.fakes.requirements_project import UV
from tests.fakes.served_index import served_index

WHEEL = "solo-1.0-py3-none-any.whl"
METADATA = b"Metadata-Version: 2.1\nName: solo\nVersion: 1.0\nRequires-Dist: amqp<5\n"


class Index(BaseHTTPRequestHandler):
    """Knows one package, `solo` 1.0, which needs an amqp older than the one that Airflow brings."""

    missing = 404

    def do_GET(self) -> None:
        """Answers a page of the index, the wheel's metadata, or the status for what is missing."""
        link = f'<a href="/{WHEEL}#sha256={"a" * 64}" data-core-metadata="true">{WHEEL}</a>'.encode()
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


def _lock(source: str, index: type[Index] = Index) -> Lock:
    with served_index(index) as url:
        uv = Uv(run_process, dict(os.environ), UV, ("--no-cache", "--no-config", "--default-index", url))
        return compile_lock(source.encode(), "", package_set("3.3.1"), uv)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("no-such-package==1.0\n", "line 1: `no-such-package` does not exist in the package registry"),
        ("# a\nsolo==9.9\n", "line 2: `solo==9.9` does not exist: no such version was published"),
        (
            "solo==1.0\n",
            "line 1: `solo==1.0` cannot be installed beside Airflow 3.3.1 on MWAA: all versions of solo",
        ),
    ],
)
def test_the_line_and_what_stands_against_it_are_named(source: str, says: str) -> None:
    with pytest.raises(ProjectError) as caught:
        _lock(source)
    assert says in caught.value.message
    assert caught.value.code == "project.requirements-conflict"


def test_an_index_that_asks_for_a_login_is_no_missing_package() -> None:
    with pytest.raises(ProjectError, match="could not be resolved") as caught:
        _lock("no-such-package==1.0\n", ClosedIndex)
    assert caught.value.code == "project.requirements-unresolved"


def test_requirements_without_a_line_need_no_index() -> None:
    assert _lock("# nothing yet\n", ClosedIndex).pins == ()
