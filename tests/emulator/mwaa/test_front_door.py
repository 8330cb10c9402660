"""The environment's web server over real sockets: plain and TLS, sign-in, CLI, and what is passed through."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.emulator.mwaa.frontdoor.certificates import server_context, write_trust_bundle
from mwaactl.emulator.mwaa.host import HostFailure

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from pathlib import Path

    from tests.emulator.mwaa.conftest import World


class Browser:
    """Sends single requests to one environment's front door."""

    def __init__(self, world: World, name: str) -> None:
        self.authority = world.mwaa.get_environment(Name=name)["Environment"]["WebserverUrl"]
        self.port = int(self.authority.rpartition(":")[2])
        self._ca = world.settings.state_dir / "ca.pem"

    def ask(
        self, method: str, path: str, body: Any = None, *, tls: bool = False, **headers: str
    ) -> HTTPResponse:
        return self.open(method, path, body, tls=tls, **headers)[0]

    def open(
        self, method: str, path: str, body: Any = None, *, tls: bool = False, **headers: str
    ) -> tuple[HTTPResponse, HTTPConnection]:
        if tls:
            context = ssl.create_default_context(cafile=str(self._ca))
            connection: HTTPConnection = HTTPSConnection("localhost", self.port, timeout=5, context=context)
        else:
            connection = HTTPConnection("localhost", self.port, timeout=5)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        return connection.getresponse(), connection

    def login(
        self, token: str, path: str = "/pluginsv2/aws_mwaa/login", *, tls: bool = False
    ) -> HTTPResponse:
        form = "application/x-www-form-urlencoded"
        return self.ask("POST", path, f"token={token}", tls=tls, Content_Type=form)

    def cli(self, token: str, command: str) -> HTTPResponse:
        bearer = f"Bearer {token}"
        return self.ask("POST", "/aws_mwaa/cli", command, Authorization=bearer, Content_Type="text/plain")


def _text(answer: HTTPResponse) -> str:
    return answer.read().decode()


def test_one_port_answers_plain_http_and_verified_tls(world: World) -> None:
    world.create("both")
    browser = Browser(world, "both")
    assert json.loads(_text(browser.ask("GET", "/api/v2/version"))) == {"version": "v2"}
    assert json.loads(_text(browser.ask("GET", "/api/v2/version", tls=True))) == {"version": "v2"}


def test_authority_stays_the_same_over_restarts(world: World) -> None:
    before = (world.settings.state_dir / "ca.pem").read_bytes()
    server_context(world.settings.state_dir)
    assert (world.settings.state_dir / "ca.pem").read_bytes() == before
    assert (world.settings.state_dir / "ca-key.pem").stat().st_mode & 0o077 == 0


def test_bundle_keeps_the_public_roots_and_adds_the_authority_once(world: World, tmp_path: Path) -> None:
    state, roots = world.settings.state_dir, tmp_path / "roots.pem"
    roots.write_bytes(b"the company's roots\n")

    bundle = write_trust_bundle(state, {"SSL_CERT_FILE": str(roots)})
    content = bundle.read_bytes()
    again = write_trust_bundle(state, {"SSL_CERT_FILE": str(bundle)}).read_bytes()

    assert content == b"the company's roots\n\n" + (state / "ca.pem").read_bytes()
    assert again == content


def test_bundle_of_a_machine_that_names_no_roots_verifies_the_front_door(world: World) -> None:
    world.create("trusted")
    port = Browser(world, "trusted").port
    bundle = write_trust_bundle(world.settings.state_dir, {"SSL_CERT_FILE": "/nowhere"})

    context = ssl.create_default_context(cafile=str(bundle))
    with urllib.request.urlopen(f"https://localhost:{port}/api/v2/version", context=context) as answer:
        assert answer.status == 200
    assert len(context.get_ca_certs()) > 50


def test_silent_and_broken_connections_hold_up_nobody(world: World) -> None:
    world.create("patient")
    browser = Browser(world, "patient")
    with (
        socket.create_connection(("127.0.0.1", browser.port)),
        socket.create_connection(("127.0.0.1", browser.port)) as broken,
    ):
        broken.sendall(b"\x16nonsense, not TLS")
        assert browser.ask("GET", "/api/v2/version").status == 200


def test_two_environments_have_two_ports_and_a_deleted_one_frees_its(world: World) -> None:
    world.create("left")
    world.create("right")
    left, right = Browser(world, "left"), Browser(world, "right")
    assert left.port != right.port
    world.mwaa.delete_environment(Name="left")
    while "left" in world.mwaa.list_environments()["Environments"]:
        threading.Event().wait(0.02)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", left.port))


@pytest.mark.parametrize("tls", [False, True])
def test_web_login_token_becomes_airflows_cookie(world: World, tls: bool) -> None:  # noqa: FBT001
    world.create("signin")
    browser = Browser(world, "signin")
    answer = browser.login(world.mwaa.create_web_login_token(Name="signin")["WebToken"], tls=tls)
    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("_token=")
    assert ("Secure" in cookie, "HttpOnly" in cookie) == (tls, True)
    page = browser.ask("GET", "/", tls=tls, Cookie=cookie.partition(";")[0])
    assert _text(page) == "<h1>Airflow of root (Admin)</h1>"


def test_airflow_2_has_its_own_login_route_and_cookie(world: World) -> None:
    world.create("two", AirflowVersion="2.11.2")
    browser = Browser(world, "two")
    token = world.mwaa.create_web_login_token(Name="two")["WebToken"]
    answer = browser.login(token, "/aws_mwaa/login")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("session=")
    assert "Airflow of root" in _text(browser.ask("GET", "/", Cookie=cookie.partition(";")[0]))
    assert browser.login(token).status == 404


def test_cookie_is_readable_where_the_ui_itself_takes_the_token_from_it(world: World) -> None:
    world.create("three", AirflowVersion="3.0.6")
    answer = Browser(world, "three").login(world.mwaa.create_web_login_token(Name="three")["WebToken"])
    assert "HttpOnly" not in answer.headers["Set-Cookie"]


def test_tokens_are_good_for_one_purpose_and_one_environment(world: World) -> None:
    world.create("mine")
    world.create("other")
    mine = Browser(world, "mine")
    web = world.mwaa.create_web_login_token(Name="mine")["WebToken"]
    cli = world.mwaa.create_cli_token(Name="mine")["CliToken"]
    foreign = world.mwaa.create_web_login_token(Name="other")["WebToken"]
    assert [mine.login(token).status for token in (cli, foreign, "", "x.y.z")] == [403] * 4
    assert mine.cli(web, "version").status == 403
    assert mine.login(web).status == 200


def test_login_from_another_site_is_refused(world: World) -> None:
    world.create("crossed")
    token = world.mwaa.create_web_login_token(Name="crossed")["WebToken"]
    form = "application/x-www-form-urlencoded"
    answer = Browser(world, "crossed").ask(
        "POST", "/pluginsv2/aws_mwaa/login", f"token={token}", Content_Type=form, Origin="http://evil.example"
    )
    assert (answer.status, answer.headers["Set-Cookie"]) == (403, None)


def test_console_page_posts_the_fragment_to_the_login_route(world: World) -> None:
    world.create("console")
    answer = Browser(world, "console").ask("GET", "/aws_mwaa/aws-console-sso?login=true")
    page = _text(answer)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert 'fetch("/pluginsv2/aws_mwaa/login"' in page
    assert "location.hash" in page


def test_browser_without_a_session_ends_at_the_sign_in_page(world: World) -> None:
    world.create("stranger")
    browser = Browser(world, "stranger")
    first = browser.ask("GET", "/")
    assert first.headers["Location"] == f"http://{browser.authority}/auth/login?next=/"
    second = browser.ask("GET", "/auth/login?next=/")
    assert second.headers["Location"] == f"http://{browser.authority}/aws_mwaa/aws-console-sso"


def test_cli_runs_a_supported_command(world: World) -> None:
    world.create("cli")
    token = world.mwaa.create_cli_token(Name="cli")["CliToken"]
    answer = Browser(world, "cli").cli(token, "dags trigger flights --conf '{\"a\": 1}'")
    assert answer.status == 200
    outputs = {name: base64.b64decode(text) for name, text in json.loads(_text(answer)).items()}
    assert outputs == {
        "stdout": b'ran dags trigger flights --conf {"a": 1}\n',
        "stderr": b"a warning\n",
    }
    assert world.hosts.hosts["cli"].commands == [("dags", "trigger", "flights", "--conf", '{"a": 1}')]


@pytest.mark.parametrize("command", ["users create", "db migrate", "variables import x", "", "dags 'open"])
def test_cli_refuses_what_mwaa_does_not_support(world: World, command: str) -> None:
    world.create("strict")
    token = world.mwaa.create_cli_token(Name="strict")["CliToken"]
    assert Browser(world, "strict").cli(token, command).status == 400
    assert world.hosts.hosts["strict"].commands == []


def test_fifth_command_at_once_is_turned_away(world: World) -> None:
    world.create("crowded")
    host = world.hosts.hosts["crowded"]
    host.cli_gate = threading.Semaphore(0)
    token = world.mwaa.create_cli_token(Name="crowded")["CliToken"]
    browser = Browser(world, "crowded")
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(browser.cli, token, "dags list") for _ in range(4)]
        for _ in running:
            assert host.cli_entered.acquire(timeout=5)
        fifth = browser.cli(token, "version").status
        host.cli_gate.release(4)
        first_four = [future.result().status for future in running]
    assert (fifth, first_four) == (503, [200] * 4)


def test_stream_arrives_line_by_line(world: World) -> None:
    world.create("stream")
    airflow = world.hosts.hosts["stream"].airflow
    airflow.next_line.release()
    answer, connection = Browser(world, "stream").open("GET", "/stream")
    assert answer.readline() == b'{"line": 0}\n'
    airflow.next_line.release()
    assert answer.readline() == b'{"line": 1}\n'
    assert answer.read() == b""
    connection.close()


def test_forwarding_headers_are_the_front_doors_own(world: World) -> None:
    world.create("headers")
    browser = Browser(world, "headers")
    answer = browser.ask(
        "POST",
        "/echo",
        b"caf\xc3\xa9",
        tls=True,
        X_Forwarded_Proto="gopher",
        X_Forwarded_Prefix="/evil",
        Forwarded="for=evil",
        Connection="close, X-Secret",
        X_Secret="hop",
        X_Kept="yes",
    )
    seen = json.loads(_text(answer))
    assert seen["body"] == "café"
    names = {name.lower(): value for name, value in seen["headers"].items()}
    assert names["x-forwarded-proto"] == "https"
    assert names["x-forwarded-host"] == names["host"] == f"localhost:{browser.port}"
    assert names["x-forwarded-port"] == str(browser.port)
    assert names["x-kept"] == "yes"
    assert not {"x-secret", "x-forwarded-prefix", "forwarded"} & names.keys()


def test_chunked_request_body_is_passed_on(world: World) -> None:
    world.create("chunks")
    answer = Browser(world, "chunks").ask("POST", "/echo", iter([b"one ", b"two"]))
    assert json.loads(_text(answer))["body"] == "one two"


@pytest.mark.parametrize("tls", [False, True])
def test_redirect_to_airflows_own_address_is_turned_outward(world: World, tls: bool) -> None:  # noqa: FBT001
    world.create("moved")
    browser = Browser(world, "moved")
    scheme = "https" if tls else "http"
    answer = browser.ask("GET", "/moved", tls=tls)
    assert answer.headers["Location"] == f"{scheme}://{browser.authority}/echo?from=moved"


def test_page_says_that_airflow_is_starting_and_asks_again(world: World) -> None:
    host = world.hosts.prepare("starting")
    host.gate.clear()
    world.mwaa.create_environment(**world.request("starting"))
    answer = Browser(world, "starting").ask("GET", "/", Accept="text/html")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "2"
    assert "starting is CREATING" in _text(answer)
    host.gate.set()
    world.wait("starting", "AVAILABLE")


def test_answer_says_why_there_is_no_airflow(world: World) -> None:
    world.hosts.prepare("failed").fail_with = HostFailure("INCORRECT_CONFIGURATION", "no such <provider>")
    world.mwaa.create_environment(**world.request("failed"))
    world.wait("failed", "CREATE_FAILED")
    browser = Browser(world, "failed")
    answer = browser.ask("GET", "/api/v2/dags", Accept="application/json")
    assert answer.status == 502
    assert "no such <provider>" in json.loads(_text(answer))["message"]
    assert "no such &lt;provider&gt;" in _text(browser.ask("GET", "/", Accept="text/html"))


def test_airflow_that_went_away_is_a_bad_gateway(world: World) -> None:
    world.create("away")
    world.hosts.hosts["away"].stop()
    assert Browser(world, "away").ask("GET", "/").status == 502
