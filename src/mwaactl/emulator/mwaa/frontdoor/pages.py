"""The few pages that the front door writes itself; everything else is Airflow's."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from mwaactl.emulator.mwaa.environment import Environment

RETRY_SECONDS = 2

STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}"


def page(title: str, body: str, status: int = 200, head: str = "") -> Response:
    """Return a small HTML page; `body` and `head` are HTML, `title` is text."""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style>{head}</head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return Response(html, status, mimetype="text/html", headers={"Cache-Control": "no-store"})


def problem(request: Request, status: int, title: str, detail: str) -> Response:
    """Return an error as the client likes it: a page for a browser, JSON for a program."""
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return page(title, f"<p>{escape(detail)}</p>", status)
    return Response(json.dumps({"message": detail}), status, mimetype="application/json")


def unavailable(request: Request, environment: Environment) -> Response:
    """Say why Airflow does not answer, and let a browser ask again while it is only a matter of time.

    503 while work is under way, 502 where Airflow should be there and is not.
    """
    status = 503 if not environment.status.settled else 502
    error = environment.last_update.error
    reason = f": {error[1]}" if error else ""
    title = f"{environment.name} is {environment.status}"
    response = problem(request, status, title, f"Airflow does not answer at the moment{reason}")
    if status == 503:  # noqa: PLR2004 - HTTP's own number
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        response.headers["Refresh"] = str(RETRY_SECONDS)
    return response
