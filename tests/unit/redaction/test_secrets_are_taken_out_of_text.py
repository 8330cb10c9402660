import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaactl.redaction import Redactor, redacted

# In two pieces, so that no scanner takes this file for what it tests.
AWS_KEY = "AKIA" + "Q3EGTGYH2KLMNOPQ"
AWS_SECRET = "kZ3f9sQ1v7Lm0pXy" + "T4uWcR8bN2eHgJ6dA5oKiF+z"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot reach http://dora:hunter2@127.0.0.1:4577/x", "cannot reach http://***@127.0.0.1:4577/x"),
        ("postgresql+psycopg2://u:p@ss/w#rd@h:5432/d", "postgresql+psycopg2://***@h:5432/d"),
        ("https://x-access-token@github.com/o/r.git", "https://***@github.com/o/r.git"),
        ("see `redis://:hunter2@cache/0`", "see `redis://***@cache/0`"),
        ("host=db password=hunter2 port=1", "host=db password=*** port=1"),
        ("PGPASSWORD='hunter2'", "PGPASSWORD='***'"),
        ("AWS_SECRET_ACCESS_KEY=abc/def", "AWS_SECRET_ACCESS_KEY=***"),
        ("{'client_secret': 'hunter2', 'a': 1}", "{'client_secret': '***', 'a': 1}"),
        ('{"api_key" : "hunter2"}', '{"api_key" : "***"}'),
        ("smtp_password = \"hunter2\"", 'smtp_password = "***"'),
        (f"[{AWS_KEY} {AWS_SECRET}]", f"[{AWS_KEY} ***]"),
        (f"aws_access_key_id={AWS_KEY}\naws_secret_access_key={AWS_SECRET}\n", None),
        ("a\n-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKC\nqwerty\n-----END PRIVATE KEY-----\nb", "a\n***\nb"),
        ("token gh" + "p_" + "a1B2" * 9 + ".", "token ***."),
    ],
)  # fmt: skip
def test_what_is_known_by_its_form_is_hidden(text: str, shown: str | None) -> None:
    assert "hunter2" not in redacted(text)
    assert AWS_SECRET not in redacted(text)
    if shown is not None:
        assert redacted(text) == shown
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "`environments.dev.airflow_config_options.smtp.smtp_password` is a secret",
        "name a secret of AWS Secrets Manager in `smtp.smtp_password_secret` and set `secrets.backend`",
        "git+https://github.com/org/repo@v1.2#egg=x",
        "http://localhost:8080/a@b",
        "s3://bucket/dags/x@y.py",
        "arn:aws:sts::123456789012:assumed-role/deployer/dora@example.org",
        "https://localhost:4578/aws_mwaa/aws-console-sso?login=true#eyJhbGciOi.x.y",
        "dags/token.py:3: error: invalid token: unexpected `)` [python-syntax]",
        "caf\udce9.py \ud800",
        "",
    ],
)
def test_what_only_speaks_of_secrets_is_shown(text: str) -> None:
    assert redacted(text) == text


def test_secrets_of_the_environment_are_known_by_their_value() -> None:
    redactor = Redactor.of(
        {
            "AWS_SECRET_ACCESS_KEY": AWS_SECRET,
            "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEBYaDH",
            "PIP_INDEX_URL": "https://dora:hunter2-for-pip@registry.internal/simple",
            "DATABASE_URL": "postgresql://etl:hunter2%40db@db/x",
            "MY_API_KEY": "hunter2-key",
        }
    )
    text = f"{AWS_SECRET} FwoGZXIvYXdzEBYaDH hunter2-for-pip hunter2%40db hunter2@db hunter2-key"
    assert redactor.text(text) == "*** *** *** *** *** ***"
    assert "hunter2" not in repr(redactor)


def test_a_secret_that_was_pasted_with_a_line_break_is_hidden_without_it() -> None:
    first, second = "hunter2-hunter2", "hunter3\nhunter3"
    redactor = Redactor.of({"AWS_SESSION_TOKEN": f"{first}\n", "A_PASSWORD": second})
    pasted = f"{first}\n".encode()

    shown = redactor.text(f"Invalid header value {pasted!r}, {second!r}, {first}, {second}")

    assert shown == r"Invalid header value b'***\n', '***', ***, ***"


def test_what_is_no_secret_of_the_environment_is_shown() -> None:
    redactor = Redactor.of(
        {
            "AWS_SECRET_ACCESS_KEY": "anonymous",
            "TOKEN": "1",
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
            "SSH_AUTH_SOCK": "/tmp/ssh-1/agent.1",  # noqa: S108 - only a text
            "AWS_ACCESS_KEY_ID": AWS_KEY,
            "HOME": "/home/dora-the-explorer",
            "PWD": "/home/dora-the-explorer/flights",
            "OLDPWD": "/home/dora-the-explorer/flights/dags",
            "GIT_AUTHOR_EMAIL": "dora@example.org",
            "AIRFLOW__SECRETS__BACKEND": "airflow.providers.amazon.x",
        }
    )
    assert redactor.values == ()


def test_values_of_json_are_hidden_and_its_shape_stays() -> None:
    value = {
        "error": "http://dora:hunter2@host refused",
        "context": {"password": "hunter2", "line": "3"},
        "files": [{"key": "dags/a.py", "size": 3}, None, True],
    }
    assert Redactor().data(value) == {
        "error": "http://***@host refused",
        "context": {"password": "***", "line": "3"},
        "files": [{"key": "dags/a.py", "size": 3}, None, True],
    }


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(json.dumps(Redactor.of({"TOKEN": text}).data({"text": text})), str)


@given(st.from_regex(r"[A-Za-z0-9!$%&*+,/:;=?#@^_~.-]{8,30}", fullmatch=True))
def test_a_password_of_any_signs_is_hidden_in_an_address(password: str) -> None:
    assert redacted(f"postgresql://etl:x{password}x@db.internal/dwh").startswith("postgresql://***@")
