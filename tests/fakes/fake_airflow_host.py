"""An AirflowHost whose Airflow is a small HTTP server in this process: real requests, no Airflow."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt
from werkzeug.exceptions import HTTPException, NotFound, Unauthorized
from werkzeug.routing import Map, Rule
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from mwaactl.emulator.mwaa.host import (
    CliResult,
    EnvironmentSpec,
    HostFailure,
    HostState,
    OnPhase,
    UpdatePhase,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECRET = "fake-airflow-signing-secret-32-bytes"
HUGE = 6 * 1024 * 1024 + 1


@dataclass(slots=True)
class FakeAirflow:
    """What Airflow's web server answers: a REST API (v1 and v2), a UI behind a cookie, a stream.

    `next_line` and `release` are semaphores that a test opens: the stream writes one line for each, and
    `/api/v2/slow` answers after one.
    """

    dags: set[str] = field(default_factory=lambda: {"flights"})
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    next_line: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    release: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    api_url: str = ""

    urls = Map(
        [
            Rule("/", endpoint="ui"),
            Rule("/echo", endpoint="echo"),
            Rule("/moved", endpoint="moved"),
            Rule("/stream", endpoint="stream"),
            Rule("/api/<version>/version", endpoint="version"),
            Rule("/api/<version>/dags", endpoint="dags_list"),
            Rule("/api/<version>/dags/<dag_id>/dagRuns", endpoint="trigger", methods=["POST"]),
            Rule("/api/<version>/dags/<dag_id>/dagRuns/<run_id>", endpoint="run"),
            Rule("/api/<version>/dags/<dag_id>/dagRuns/<run_id>/taskInstances/<task_id>", endpoint="task"),
            Rule("/api/<version>/huge", endpoint="huge"),
            Rule("/api/<version>/slow", endpoint="slow"),
            Rule("/api/<version>/broken", endpoint="broken"),
        ]
    )

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        try:
            endpoint, values = self.urls.bind_to_environ(environ).match()
            response = getattr(self, f"on_{endpoint}")(request, **values)
        except HTTPException as error:
            response = _json({"detail": error.name}, error.code or 500)
        return response(environ, start_response)

    def on_ui(self, request: Request) -> Response:
        try:
            claims = _cookie_claims(request)
        except Unauthorized:
            return Response(status=307, headers={"Location": f"{self.api_url}/auth/login?next=/"})
        return Response(f"<h1>Airflow of {claims['sub']} ({claims['role']})</h1>", mimetype="text/html")

    def on_echo(self, request: Request) -> Response:
        return _json({"headers": dict(request.headers), "body": request.get_data(as_text=True)})

    def on_moved(self, _: Request) -> Response:
        return Response(status=302, headers={"Location": f"{self.api_url}/echo?from=moved"})

    def on_stream(self, _: Request) -> Response:
        def lines() -> Iterator[bytes]:
            for number in range(2):
                if not self.next_line.acquire(timeout=5):
                    return
                yield json.dumps({"line": number}).encode() + b"\n"

        return Response(lines(), mimetype="application/x-ndjson")

    def on_version(self, _: Request, version: str) -> Response:
        return _json({"version": version})

    def on_dags_list(self, request: Request, version: str) -> Response:
        claims = _claims(request, version)
        names = sorted(self.dags)[: int(request.args.get("limit", 100))]
        return _json(
            {"dags": [{"dag_id": name} for name in names], "api": version, "user": claims["sub"]}
            | {
                "role": claims["role"],
                "tags": request.args.getlist("tags"),
                "only": request.args.get("only_active"),
            }
        )

    def on_trigger(self, request: Request, version: str, dag_id: str) -> Response:
        _claims(request, version)
        if dag_id not in self.dags:
            return _json({"title": f"DAG with dag_id: '{dag_id}' not found", "status": 404}, 404)
        body = request.get_json()
        if body["dag_run_id"] in self.runs:
            return _json({"title": "DagRun already exists", "status": 409}, 409)
        self.runs[body["dag_run_id"]] = body
        return _json({"dag_id": dag_id, "state": "queued"} | body)

    def on_run(self, request: Request, version: str, dag_id: str, run_id: str) -> Response:
        _claims(request, version)
        if run_id not in self.runs:
            return _json({"detail": f"The DagRun of {dag_id} was not found"}, 404)
        return _json({"dag_id": dag_id, "dag_run_id": run_id, "state": "success"})

    def on_task(self, request: Request, version: str, dag_id: str, run_id: str, task_id: str) -> Response:
        _claims(request, version)
        return _json({"dag_id": dag_id, "dag_run_id": run_id, "task_id": task_id, "state": "success"})

    def on_huge(self, request: Request, version: str) -> Response:
        _claims(request, version)
        return _json({"text": "x" * HUGE})

    def on_slow(self, request: Request, version: str) -> Response:
        _claims(request, version)
        self.release.acquire(timeout=5)
        return _json({})

    def on_broken(self, request: Request, version: str) -> Response:
        _claims(request, version)
        return _json({"detail": "the database is gone"}, 500)


@dataclass(slots=True)
class FakeAirflowHost:
    """Starts, updates and stops at once, unless a test closes `gate` or sets `fail_with` or `surprise`."""

    airflow: FakeAirflow = field(default_factory=FakeAirflow)
    specs: list[EnvironmentSpec] = field(default_factory=list)
    resumed: list[EnvironmentSpec] = field(default_factory=list)
    commands: list[tuple[str, ...]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    cli_gate: threading.Semaphore | None = None
    cli_entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    strategies: list[str] = field(default_factory=list)
    phases: tuple[UpdatePhase, ...] = ()
    phase_gate: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    fail_with: HostFailure | None = None
    surprise: Exception | None = None
    running: EnvironmentSpec | None = None
    stops: int = 0
    now: HostState = field(default_factory=HostState)
    _server: Any = None

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def api_url(self) -> str:
        return self.airflow.api_url

    def start(self, spec: EnvironmentSpec) -> None:
        self._apply(spec)
        self._server = make_server("127.0.0.1", 0, self.airflow, threaded=True)
        self.airflow.api_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def resume(self, spec: EnvironmentSpec) -> None:
        self.resumed.append(spec)
        self.start(spec)

    def update(self, spec: EnvironmentSpec, strategy: str, on_phase: OnPhase) -> None:
        self.strategies.append(strategy)
        for phase in self.phases:
            on_phase(phase)
            assert self.phase_gate.acquire(timeout=10), "the test never let the phase end"
        self._apply(spec)

    def _apply(self, spec: EnvironmentSpec) -> None:
        self.specs.append(spec)
        assert self.gate.wait(timeout=10), "the test never opened the gate"
        if failure := self.fail_with or self.surprise:
            raise failure
        self.running = spec

    def stop(self) -> None:
        self.stops += 1
        self.running = None
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def state(self) -> HostState:
        return self.now if self.running else HostState()

    def token(self, user: str, role: str) -> str:
        if self.surprise:
            raise self.surprise
        return jwt.encode({"sub": user, "role": role}, SECRET, algorithm="HS256")

    def run_cli(self, arguments: Sequence[str]) -> CliResult:
        self.commands.append(tuple(arguments))
        self.cli_entered.release()
        if self.cli_gate:
            self.cli_gate.acquire(timeout=5)
        return CliResult(stdout=f"ran {' '.join(arguments)}\n".encode(), stderr=b"a warning\n", returncode=0)


@dataclass(slots=True)
class FakeAirflowHosts:
    """The factory; keeps each environment's host under its name, and lets a test prepare one beforehand."""

    hosts: dict[str, FakeAirflowHost] = field(default_factory=dict)

    def __call__(self, name: str) -> FakeAirflowHost:
        return self.hosts.setdefault(name, FakeAirflowHost())

    def prepare(self, name: str) -> FakeAirflowHost:
        return self(name)


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status=status, mimetype="application/json")


def _claims(request: Request, version: str) -> dict[str, Any]:
    """Airflow 3 takes a bearer token, Airflow 2 its session cookie."""
    if version not in {"v1", "v2"}:
        raise NotFound
    if version == "v1":
        return _decode(request.cookies.get("session", ""))
    return _decode(request.headers.get("Authorization", "").removeprefix("Bearer "))


def _cookie_claims(request: Request) -> dict[str, Any]:
    return _decode(request.cookies.get("_token") or request.cookies.get("session", ""))


def _decode(token: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise Unauthorized from error
    return claims
