"""Tokens that sign a user in to Airflow 3's API and UI, as its own auth manager would issue them."""

from __future__ import annotations

import time
import uuid

import jwt

# Airflow's default for [api_auth] jwt_audience and the algorithm it uses with a shared secret.
AUDIENCE = "apache-airflow"
ALGORITHM = "HS512"
# A web session on MWAA lasts 12 hours.
LIFETIME = 12 * 3600
ROLES = ("Admin", "Op", "User", "Viewer", "Public")


def issue_token(secret: str, user: str, role: str) -> str:
    """Return a JWT that Airflow's SimpleAuthManager takes for `user` in `role`.

    Public, which may do nothing, is a role that the auth manager does not know.

    Args:
        secret: The environment's [api_auth] jwt_secret.
        user: The user's name.
        role: One of MWAA's five roles.

    Raises:
        ValueError: If the role is none of them.
    """
    if role not in ROLES:
        message = f"`{role}` is no Airflow role; there are {', '.join(ROLES)}"
        raise ValueError(message)
    now = int(time.time())
    claims: dict[str, object] = {
        "sub": user,
        "role": None if role == "Public" else role.upper(),
        "teams": [],
        "jti": uuid.uuid4().hex,
        "aud": AUDIENCE,
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)
