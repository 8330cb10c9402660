from typing import TYPE_CHECKING, Any

import jwt
import pytest
from werkzeug.wrappers import Request, Response

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.sign_in import sign_in
from tests.fakes.loopback_server import serving

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

SECRET = "s" * 64


def webserver(seen: list[dict[str, Any]], *cookies: str) -> "WSGIApplication":
    """Return an app that takes sign-in tokens as the view in Airflow 2 does, and sets these cookies."""

    @Request.application
    def app(request: Request) -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience="mwaactl-sign-in")
        except jwt.InvalidTokenError as error:
            return Response(f"the sign-in token is not valid: {error}", 401)
        seen.append({"path": request.path, "user": claims["sub"], "role": claims["role"]})
        response = Response("{}")
        for cookie in cookies:
            response.headers.add("Set-Cookie", cookie)
        return response

    return app


def test_airflow_3_takes_a_token_that_no_server_is_asked_for() -> None:
    token = sign_in(3, "http://127.0.0.1:1", SECRET, "ada", "Op")
    assert jwt.decode(token, SECRET, algorithms=["HS512"], audience="apache-airflow")["role"] == "OP"


def test_airflow_2_makes_a_session_for_user_and_role() -> None:
    seen: list[dict[str, Any]] = []
    app = webserver(seen, "other=1; Path=/", "session=abc.def-1; HttpOnly; Path=/; SameSite=Lax")
    with serving(app) as port:
        session = sign_in(2, f"http://127.0.0.1:{port}", SECRET, "assumed-role/Deployer/ada", "Viewer")
    assert session == "abc.def-1"
    assert seen == [{"path": "/aws_mwaa/login", "user": "assumed-role/Deployer/ada", "role": "Viewer"}]


def test_refusal_is_passed_on_in_the_servers_words() -> None:
    with serving(webserver([])) as port, pytest.raises(HostFailure, match="Signature verification failed"):
        sign_in(2, f"http://127.0.0.1:{port}", "t" * 64, "ada", "Admin")


def test_answer_without_a_session_is_no_sign_in() -> None:
    with serving(webserver([], "other=1")) as port, pytest.raises(HostFailure, match="made no session"):
        sign_in(2, f"http://127.0.0.1:{port}", SECRET, "ada", "Admin")


def test_server_that_is_down_is_a_failure_of_the_environment() -> None:
    with pytest.raises(HostFailure, match="web server is not reachable"):
        sign_in(2, "http://127.0.0.1:1", SECRET, "ada", "Admin")
