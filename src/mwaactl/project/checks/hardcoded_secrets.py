"""Keys, tokens and passwords that stand in code: whoever can read the bucket or the repository has them."""

import re
from collections.abc import Iterator

from mwaactl.catalog.credentials import FoundCredential, address_kinds, credentials_in
from mwaactl.project.checks.finding import Finding, Severity

RULE = "hardcoded-secret"
_HINT = "keep it in AWS Secrets Manager and read it as an Airflow connection or variable"
# What documentation and tests write where a password would stand.
_EXAMPLES = re.compile(
    rb"pass(?:word|wd|phrase)?|pwd|secret|token|example|changeme|x+|airflow|postgres|root|test|tiger|my\w*"
    rb"|your\w*|.{1,3}",
    re.IGNORECASE,
)
_HERE = re.compile(rb"(?:localhost|127\.|example\.|host\b)")


def hardcoded_secrets(path: str, content: bytes) -> Iterator[Finding]:
    """Reports credentials in a file, without showing them.

    What is known by its form is an error. A password in an address is a warning, because many are examples.
    Data files that hold a key are not shipped at all (`mwaactl.project.scan`).

    Args:
        path: Below the project's root.
        content: What it holds.
    """
    # Several patterns may find the same key.
    yield from dict.fromkeys(_findings(path, content))


def _findings(path: str, content: bytes) -> Iterator[Finding]:
    for found in credentials_in(content):
        yield _finding("error", path, content, found)
    for found in credentials_in(content, address_kinds()):
        value = content[found.begin : found.end]
        if not _EXAMPLES.fullmatch(value) and not _HERE.match(found.host):
            yield _finding("warning", path, content, found)


def _finding(severity: Severity, path: str, content: bytes, found: FoundCredential) -> Finding:
    line = content.count(b"\n", 0, found.begin) + 1
    return Finding(RULE, severity, path, line, f"holds {found.kind}", _HINT)
