"""A server with the page and the part of Airflow's REST API that it reads, as each version answers."""

from __future__ import annotations

import json
import mimetypes
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from tests.fakes.asset_answers import (
    Attempt,
    Company,
    Version,
    asset_answer,
    dag_answer,
    event_answer,
    instance_answer,
    run_answer,
    running_answer,
)
from typed_assets.page.serving import HEADERS, STATIC
from typed_assets.spec.catalogue import event_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

PREFIX = "/asset-catalogue/"
PAGE = 100
TOKEN = "eyJ.of.the.viewer"
FRAME = (
    '<!doctype html><title>Airflow</title><base href="/"><iframe id="view" title="view" width="1200" '
    'height="800" src="asset-catalogue/" sandbox="allow-scripts allow-same-origin allow-forms"></iframe>'
)


@dataclass(slots=True)
class AirflowOfAssets:
    """A WSGI app.

    Attributes:
        forbidden: paths below `/api/v2/` that answer 403, as regular expressions.
        broken: those that answer 500.
        asked: paths that were asked for, with their queries.
    """

    company: Company
    version: Version = "3.3.1"
    signed_in: bool = True
    forbidden: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)
    _answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        if path.startswith("/api/v2/"):
            status, value = self._api(path.removeprefix("/api/v2/"), environ)
            return _sent(start, status, json.dumps(value).encode(), {"Content-Type": "application/json"})
        if path.startswith(PREFIX):
            return self._file(path.removeprefix(PREFIX) or "index.html", start)
        return _sent(start, "200 OK", FRAME.encode(), {"Content-Type": "text/html"})

    def _file(self, name: str, start: StartResponse) -> Iterable[bytes]:
        file = STATIC / name
        if not file.is_file():
            return _sent(start, "404 Not Found", b"", {})
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return _sent(start, "200 OK", file.read_bytes(), {**HEADERS, "Content-Type": kind})

    def _api(self, path: str, environ: WSGIEnvironment) -> tuple[str, Any]:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        self.asked.append(f"{path}?{environ.get('QUERY_STRING', '')}")
        if not self._is_signed_in(environ):
            return "401 Unauthorized", {"detail": "Not authenticated"}
        if any(re.search(pattern, path) for pattern in self.forbidden):
            return "403 Forbidden", {"detail": "Forbidden"}
        if any(re.search(pattern, path) for pattern in self.broken):
            return "500 Internal Server Error", {"detail": "Internal Server Error"}
        for pattern, answer in self._routes():
            if found := re.fullmatch(pattern, path):
                return answer(query, *map(unquote, found.groups()))
        return "404 Not Found", {"detail": f"no route {path}"}

    def _is_signed_in(self, environ: WSGIEnvironment) -> bool:
        """3.0 reads the header only, later versions the cookie too."""
        if not self.signed_in:
            return False
        if environ.get("HTTP_AUTHORIZATION") == f"Bearer {TOKEN}":
            return True
        return self.version != "3.0.6" and f"_token={TOKEN}" in environ.get("HTTP_COOKIE", "")

    def _routes(self) -> tuple[tuple[str, Callable[..., tuple[str, Any]]], ...]:
        return (
            ("assets", self._assets),
            ("assets/events", self._events),
            ("dags", self._dags),
            (r"dags/([^/]+)/dagRuns", self._runs),
            (r"dags/([^/]+)/dagRuns/([^/]+)", self._run),
            (r"dags/([^/]+)/dagRuns/~/taskInstances", self._instances),
            (r"dags/([^/]+)/dagRuns/([^/]+)/taskInstances/([^/]+)/xcomEntries/typed_assets", self._xcom),
        )

    def _assets(self, query: Mapping[str, list[str]]) -> tuple[str, Any]:
        found = self._known(
            "assets",
            lambda: [asset_answer(self.company, *each, self.version) for each in self.company.assets],
        )
        return _page("assets", found, query)

    def _events(self, query: Mapping[str, list[str]]) -> tuple[str, Any]:
        found = self._known(
            "events",
            lambda: [
                event_answer(self.company, each, self.version)
                for each in reversed(self.company.attempts)
                if not each.failed
            ],
        )
        if "asset_id" in query:
            found = [each for each in found if str(each["asset_id"]) == query["asset_id"][0]]
        return _page("asset_events", found, query)

    def _dags(self, query: Mapping[str, list[str]]) -> tuple[str, Any]:
        dags = sorted({dag for _, dag in self.company.assets if dag})
        return _page("dags", [dag_answer(self.company, dag) for dag in dags], query)

    def _runs(self, query: Mapping[str, list[str]], dag: str) -> tuple[str, Any]:
        of_states = query.get("state")
        ended = (run_answer(each, self.version) for each in reversed(self.company.attempts))
        going_on = (running_answer(*each, self.version) for each in self.company.running.items())
        found = [
            each
            for each in (*going_on, *ended)
            if dag in ("~", each["dag_id"]) and (not of_states or each["state"] in of_states)
        ]
        return _page("dag_runs", found, query)

    def _run(self, query: Mapping[str, list[str]], dag: str, run: str) -> tuple[str, Any]:
        del query
        for each in self.company.attempts:
            if (each.dag, each.run) == (dag, run):
                return "200 OK", run_answer(each, self.version)
        return "404 Not Found", {"detail": "The DagRun was not found"}

    def _instances(self, query: Mapping[str, list[str]], dag: str) -> tuple[str, Any]:
        found = [
            instance_answer(each)
            for each in reversed(self.company.attempts)
            if each.failed in query.get("state", [])
            and dag in ("~", each.dag)
            and query.get("task_id", [each.task]) == [each.task]
        ]
        return _page("task_instances", found, query)

    def _xcom(self, query: Mapping[str, list[str]], dag: str, run: str, task: str) -> tuple[str, Any]:
        del query
        for each in self.company.attempts:
            if (each.dag, each.run, each.task) == (dag, run, task) and each.record:
                return "200 OK", {
                    "key": "typed_assets",
                    "value": _told(each),
                    "dag_id": dag,
                    "run_id": run,
                    "task_id": task,
                }
        return "404 Not Found", {"detail": "XCom entry was not found"}

    def _known(self, name: str, make: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        if name not in self._answers:
            self._answers[name] = make()
        return self._answers[name]


def _told(attempt: Attempt) -> dict[str, Any]:
    assert attempt.record is not None
    return dict(event_extra(attempt.asset, attempt.record)["typed_assets"])


def _page(member: str, entries: list[dict[str, Any]], query: Mapping[str, list[str]]) -> tuple[str, Any]:
    limit = min(int(query.get("limit", ["50"])[0]), PAGE)
    offset = int(query.get("offset", ["0"])[0])
    return "200 OK", {member: entries[offset : offset + limit], "total_entries": len(entries)}


def _sent(start: StartResponse, status: str, body: bytes, headers: Mapping[str, str]) -> list[bytes]:
    start(status, [*headers.items(), ("Content-Length", str(len(body)))])
    return [body]
