"""The pipeline that takes in an API, in plain Airflow, against a server of the test."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from nyc_data import of_dags, weather

from typed_assets.testing import run_dag

COLUMNS = ("origin", "time_hour", "temp", "humid", "wind_speed", "precip", "pressure", "visib")


class Weather(ThreadingHTTPServer):
    """Serves rows page by page, and is in trouble as often as it is told to be."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.rows = rows
        self.trouble: list[tuple[int, dict[str, str]]] = []
        self.tokens: list[str | None] = []
        self.pages: list[int] = []


class Pages(BaseHTTPRequestHandler):
    server: Weather

    def do_GET(self) -> None:
        self.server.tokens.append(self.headers["Authorization"])
        status, headers = self.server.trouble.pop(0) if self.server.trouble else (200, {})
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        first, limit = int(query.get("cursor", 0)), int(query["limit"])
        last = first + limit
        page = {
            "items": self.server.rows[first:last],
            "next": str(last) if last < len(self.server.rows) else None,
        }
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if status == 200:
            self.server.pages.append(first)
            self.wfile.write(json.dumps(page).encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Weather]:
    rows = [
        {name: row[name] if name in COLUMNS[:2] else _number(row[name]) for name in COLUMNS}
        for row in weather(*range(1, 9))
    ]
    server = Weather(rows)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://:secret@127.0.0.1:{server.server_port}/http"
    monkeypatch.setenv("AIRFLOW_CONN_WEATHER_API", address)
    yield server
    server.shutdown()
    server.server_close()


def _number(text: str) -> float | None:
    return None if text == "NA" else float(text)


@pytest.mark.whole
def test_all_pages_come_in_although_the_api_is_busy_and_breaks(
    api: Weather,
) -> None:
    api.trouble = [(429, {"Retry-After": "0"}), (200, {}), (503, {"Retry-After": "0"})]

    result = run_dag(of_dags("api_ingest").api_ingest)

    (event,) = result.events
    assert event.record is not None
    assert (result.state, event.asset, event.record.rows) == ("success", "api.observations", len(api.rows))
    assert len(api.rows) > 500
    assert api.pages == [0, 500]
    assert set(api.tokens) == {"Bearer secret"}


@pytest.mark.whole
def test_an_api_that_refuses_publishes_nothing(api: Weather) -> None:
    api.trouble = [(401, {})]

    result = run_dag(of_dags("api_ingest").api_ingest)

    assert (result.state, result.events) == ("failed", ())
    assert "HTTP 401" in str(result.errors["observations.write"])
    assert result.tasks == {"observations.write": "failed", "observations.check": "upstream_failed"}
