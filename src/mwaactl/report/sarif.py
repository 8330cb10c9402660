"""Findings as SARIF 2.1.0, which code scanning services take.

See docs.oasis-open.org/sarif/sarif/v2.1.0, and "SARIF support for code scanning" in GitHub's documentation.
"""

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from mwaactl.project.checks.finding import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def findings_sarif(findings: Sequence[Finding], below: PurePosixPath, version: str) -> dict[str, Any]:
    """Return a SARIF log with one run.

    Args:
        findings: What was found.
        below: The project's root as a path below the repository's.
        version: The version of mwaactl.
    """
    rules = sorted({each.rule for each in findings})
    driver = {"name": "mwaactl", "version": version, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
        "results": [_result(each, rules.index(each.rule), below) for each in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str) -> dict[str, Any]:
    words = rule.replace("-", " ")
    return {"id": rule, "name": words.title().replace(" ", ""), "shortDescription": {"text": f"{words}."}}


def _result(finding: Finding, index: int, below: PurePosixPath) -> dict[str, Any]:
    path = str(below / finding.path)
    text = f"{finding.message}\n\nHint: {finding.hint}" if finding.hint else finding.message
    place = {
        "artifactLocation": {"uri": quote(path, errors="surrogateescape"), "uriBaseId": "SRCROOT"},
        "region": {"startLine": finding.line or 1},
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"mwaactl/v1": _fingerprint(finding, path)},
    }


def _fingerprint(finding: Finding, path: str) -> str:
    """What stays the same when lines above are added: an alert then is not closed and opened anew."""
    told = f"{finding.rule}\0{path}\0{finding.message}".encode(errors="backslashreplace")
    return hashlib.sha256(told).hexdigest()[:32]
