"""Sign-in with a web login token: the console's address for browsers, a form route for programs.

https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from mwaactl.catalog.versions import version_key
from mwaactl.emulator.mwaa.callers import airflow_identity
from mwaactl.emulator.mwaa.frontdoor.pages import page, problem
from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.mwaa.tokens import InvalidTokenError

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from mwaactl.emulator.mwaa.environment import Environment
    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream
    from mwaactl.emulator.mwaa.tokens import TokenSigner

CONSOLE_PATH = "/aws_mwaa/aws-console-sso"
LOGIN_PATHS = {2: "/aws_mwaa/login", 3: "/pluginsv2/aws_mwaa/login"}
SESSION_SECONDS = 12 * 3600

# The fragment never leaves the browser, so a script must carry the token from there to the login route.
SCRIPT = """
const token = location.hash.slice(1);
const say = (text) => { document.getElementById("state").textContent = text; };
history.replaceState(null, "", location.pathname + location.search);
if (!token) {
  say("This address lacks a login token. Run: mwaactl env open");
} else {
  fetch("LOGIN_PATH", { method: "POST", body: new URLSearchParams({ token }) })
    .then(async (answer) => {
      if (answer.ok) location.replace("/");
      else say((await answer.json()).message + ". Run again: mwaactl env open");
    })
    .catch((error) => say("Airflow's web server does not answer: " + error));
}
"""


def console_page(environment: Environment) -> Response:
    """Return the page behind `…/aws-console-sso?login=true#TOKEN`."""
    script = SCRIPT.replace("LOGIN_PATH", LOGIN_PATHS[environment.airflow_major])
    response = page(f"Signing in to {environment.name}", f'<p id="state">…</p><script>{script}</script>')
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    )
    return response


def to_console(request: Request) -> Response:
    """Send a browser without a session to the sign-in page, not to Airflow's own password form."""
    return Response(status=302, headers={"Location": f"{request.scheme}://{request.host}{CONSOLE_PATH}"})


def login(request: Request, upstream: Upstream, signer: TokenSigner) -> Response:
    """Exchange a web login token for Airflow's session cookie, which the answer sets."""
    environment = upstream.environment
    if not _same_origin(request):
        return problem(request, 403, "Sign-in refused", "The request comes from another site")
    try:
        caller = signer.verify("web", environment.arn, request.form.get("token", ""))
    except InvalidTokenError as error:
        return problem(request, 403, "Sign-in refused", f"The login token is not valid: {error}")
    if not environment.status.serves:
        return problem(request, 503, "Sign-in refused", f"The environment is {environment.status}")
    try:
        session = upstream.host.token(airflow_identity(caller), caller.role)
    except HostFailure as failure:
        return problem(request, 503, "Sign-in refused", failure.message)
    response = Response("{}", mimetype="application/json", headers={"Cache-Control": "no-store"})
    name = "_token" if environment.airflow_major >= 3 else "session"  # noqa: PLR2004 - Airflow's major version
    response.set_cookie(
        name,
        session,
        max_age=SESSION_SECONDS,
        path="/",
        secure=request.scheme == "https",
        httponly=not _script_reads_cookie(environment),
        samesite="Lax",
    )
    return response


def _script_reads_cookie(environment: Environment) -> bool:
    """Whether the UI itself takes the token out of the cookie, as it did until the server began to in 3.1."""
    return (3,) <= version_key(environment.members["AirflowVersion"]) < (3, 1)


def _same_origin(request: Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
