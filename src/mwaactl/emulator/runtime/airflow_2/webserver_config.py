"""What Airflow 2's web server reads at its start, in its own Python: who is signed in, and as what.

On MWAA a security manager that is not public takes a token from `/aws_mwaa/login` and signs the user in to
Flask-AppBuilder with the Airflow role that the token names. The view here does the same for the emulator,
which alone knows the secret that the token is signed with. Airflow's roles are Flask-AppBuilder's own.
https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import jwt
from flask import Response, current_app, request
from flask_appbuilder.const import AUTH_REMOTE_USER  # type: ignore[import-not-found]
from flask_login import login_user  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Mapping

# Nobody has a password; Airflow's own login page knows no other way than this view's.
AUTH_TYPE = AUTH_REMOTE_USER
WTF_CSRF_ENABLED = True

_PATH = "/aws_mwaa/login"
_AUDIENCE = "mwaactl-sign-in"


def sign_in() -> Response:
    """Make the session of the user whom the bearer token names; its cookie goes with the answer."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    secret = os.environ["MWAACTL_SIGN_IN_SECRET"]
    required: Any = {"require": ["exp", "sub", "role"]}
    try:
        claims = jwt.decode(
            token if scheme == "Bearer" else "", secret, ["HS256"], audience=_AUDIENCE, options=required
        )
    except jwt.InvalidTokenError as error:
        return Response(f"the sign-in token is not valid: {error}", 401)
    user = _user(claims)
    if not user or not login_user(user):
        return Response(f"{claims['sub']} can't be signed in as {claims['role']}", 403)
    return Response("{}", mimetype="application/json")


def _user(claims: Mapping[str, str]) -> Any:  # noqa: ANN401 - a class of Airflow 2
    """Return Flask-AppBuilder's user with exactly the role of the token; created at the first sign-in."""
    security: Any = current_app.extensions["appbuilder"].sm
    name, role = claims["sub"], security.find_role(claims["role"])
    if role is None:
        return None
    user = security.find_user(username=name)
    if user is None:
        return security.add_user(name, first_name=name, last_name="", email=name, role=role)
    user.roles = [role]
    security.update_user_auth_stat(user)
    return user


current_app.add_url_rule(_PATH, "aws_mwaa_login", sign_in, methods=["GET"])
