"""What signs a user in, by Airflow's major version: a token that Airflow 3 takes, a session of Airflow 2."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.cookies import SimpleCookie

import jwt

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.failure_codes import INTERNAL_ERROR
from mwaactl.emulator.runtime.tokens import issue_token

_PATH = "/aws_mwaa/login"
_AUDIENCE = "mwaactl-sign-in"
_LIFETIME = 60
_LIMIT = 10.0
_COOKIE = "session"

# Loopback must never go through a proxy of the user's environment.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def sign_in(major: int, api_url: str, secret: str, user: str, role: str) -> str:
    """Return what `mwaactl.emulator.mwaa.host.AirflowHost.token` promises.

    Args:
        major: Airflow's major version.
        api_url: Base address of the web server.
        secret: The environment's secret for tokens.
        user: The user's name.
        role: One of MWAA's five roles.

    Raises:
        HostFailure: Airflow 2's web server does not answer or refuses.
        ValueError: If Airflow 3 has no such role.
    """
    if major > 2:  # noqa: PLR2004 - Airflow's major version
        return issue_token(secret, user, role)
    return _session_cookie(api_url, secret, user, role)


def _session_cookie(api_url: str, secret: str, user: str, role: str) -> str:
    """Have `airflow_2/webserver_config.py` make a session, and return the value of its cookie."""
    claims = {"sub": user, "role": role, "aud": _AUDIENCE, "exp": int(time.time()) + _LIFETIME}
    token = jwt.encode(claims, secret, algorithm="HS256")
    request = urllib.request.Request(f"{api_url}{_PATH}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - loopback
    try:
        with _opener.open(request, timeout=_LIMIT) as response:
            set_by_airflow = response.headers.get_all("Set-Cookie") or []
    except urllib.error.HTTPError as error:
        with error:
            said = error.read().decode(errors="replace")[:500]
        raise HostFailure(INTERNAL_ERROR, f"Airflow's web server refused the sign-in: {said}") from error
    except OSError as error:
        raise HostFailure(INTERNAL_ERROR, f"Airflow's web server is not reachable: {error}") from error
    cookies: SimpleCookie = SimpleCookie()
    for each in set_by_airflow:
        cookies.load(each)
    if _COOKIE not in cookies:
        raise HostFailure(INTERNAL_ERROR, "Airflow's web server made no session")
    return cookies[_COOKIE].value
