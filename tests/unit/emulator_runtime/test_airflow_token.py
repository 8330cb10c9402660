import jwt
import pytest

from mwaactl.emulator.runtime.tokens import ALGORITHM, AUDIENCE, issue_token

SECRET = "s" * 64


@pytest.mark.parametrize(
    ("role", "claim"),
    [("Admin", "ADMIN"), ("Op", "OP"), ("User", "USER"), ("Viewer", "VIEWER"), ("Public", None)],
)
def test_token_carries_user_and_role_for_the_auth_manager(role: str, claim: str | None) -> None:
    claims = jwt.decode(issue_token(SECRET, "ada", role), SECRET, algorithms=[ALGORITHM], audience=AUDIENCE)
    assert (claims["sub"], claims["role"]) == ("ada", claim)
    assert claims["exp"] - claims["iat"] == 12 * 3600


def test_token_of_another_environment_is_not_valid() -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(issue_token(SECRET, "ada", "Admin"), "t" * 64, algorithms=[ALGORITHM], audience=AUDIENCE)


def test_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="`Root` is no Airflow role"):
        issue_token(SECRET, "ada", "Root")
