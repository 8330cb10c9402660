from collections.abc import Callable, Mapping

import pytest

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.source_files import source_files

type MakeBundle = Callable[[Mapping[str, str | bytes]], Bundle]
VERSION = airflow_version("3.3.1")
# In two pieces, so that no scanner takes this file for what it tests.
AWS_KEY = "AKIA" + "Q3EGTGYH2KLMNOPQ"
AWS_SECRET = "kZ3f9sQ1v7Lm0pXy" + "T4uWcR8bN2eHgJ6dA5oKiF+z"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (f"session = Session('{AWS_KEY}', '{AWS_SECRET}')\n", "an AWS secret access key"),
        (f"aws_secret_access_key='{AWS_SECRET}'\n", "an AWS secret access key"),
        (
            'KEY = """-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC\n-----END RSA PRIVATE KEY-----"""\n',
            "a private key",
        ),
        ("TOKEN = 'gh" + "p_" + "a1B2" * 9 + "'\n", "a GitHub token"),
        (
            "URL = 'https://hooks.slack.com/services/T00000000/B00000000/" + "aB3d" * 6 + "'\n",
            "a Slack webhook",
        ),
    ],
)
@pytest.mark.parametrize("path", ["dags/lib/a.py", "plugins/p/a.py"])
def test_a_key_in_code_is_an_error_with_its_line(
    bundle_of: MakeBundle, path: str, code: str, kind: str
) -> None:
    (found,) = source_files(bundle_of({path: f"import boto3\n\n{code}"}), VERSION)
    assert (found.rule, found.severity, found.path, found.line) == ("hardcoded-secret", "error", path, 3)
    assert kind in found.message
    assert AWS_SECRET not in f"{found.message} {found.hint}"


def test_a_password_in_an_address_is_a_warning(bundle_of: MakeBundle) -> None:
    code = "ENGINE = 'postgresql://etl:s3cretive@db.internal:5432/dwh'\n"
    (found,) = source_files(bundle_of({"dags/a.py": code}), VERSION)
    assert (found.severity, found.message) == ("warning", "holds an address with a password")


@pytest.mark.parametrize(
    "code",
    [
        "'postgresql://user:password@db.internal/x'",
        "'postgresql://etl:s3cretive@localhost/x'",
        "f'postgresql://{user}:{password}@{host}/x'",
        "'https://db.internal/a@b'",
        "'oracle://scott:tiger@db.internal/x'",
        "1\n\nclass A:\n    conn_type: str\n    password: str",
        "aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY']",
        "'AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'",
        "'-----BEGIN PRIVATE KEY-----\\n' + body + '\\n-----END PRIVATE KEY-----'",
    ],
)
def test_what_only_looks_like_a_secret_passes(bundle_of: MakeBundle, code: str) -> None:
    assert not list(source_files(bundle_of({"dags/a.py": f"x = {code}\n"}), VERSION))


def test_requirements_are_looked_through(bundle_of: MakeBundle) -> None:
    text = "cowsay==6.1\n--index-url https://dora:s3cretive@registry.internal/simple\n"
    (found,) = source_files(bundle_of({"requirements/requirements.txt": text}), VERSION)
    assert (found.path, found.line) == ("requirements/requirements.txt", 2)
