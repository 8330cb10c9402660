"""Policy documents read strictly: what AWS refuses is refused, in IAM's words where they are known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.iam.malformed import SYNTAX, MalformedPolicyError
from mwaactl.emulator.iam.policy import Kind, Policy
from mwaactl.emulator.iam.statement_documents import Rules, read_statement

if TYPE_CHECKING:
    from mwaactl.emulator.iam.policy import Statement

_ELEMENTS = {"Version", "Id", "Statement"}
_VERSIONS = ("2008-10-17", "2012-10-17")
_WITH_VARIABLES = "2012-10-17"


def read_policy(text: str, kind: Kind, name: str) -> Policy:
    """Return the policy that a document describes.

    Args:
        text: The document, JSON.
        kind: What the policy is attached to.
        name: What people know it by.

    Raises:
        MalformedPolicyError: AWS would not take the document.
    """
    document = _parse(text)
    if set(document) - _ELEMENTS or not isinstance(document.get("Id", ""), str):
        raise MalformedPolicyError(SYNTAX)
    version = document.get("Version", _VERSIONS[0])
    if version not in _VERSIONS:
        raise MalformedPolicyError(SYNTAX)
    rules = Rules(kind, variables=version == _WITH_VARIABLES)
    return Policy(name, kind, _statements(document.get("Statement"), rules))


def _statements(found: object, rules: Rules) -> tuple[Statement, ...]:
    listed = found if isinstance(found, list) else [found]
    if not listed:
        raise MalformedPolicyError(SYNTAX)
    statements = tuple(read_statement(each, number, rules) for number, each in enumerate(listed, 1))
    sids = [statement.sid for statement in statements if statement.sid]
    if len(sids) != len(set(sids)):
        message = "Statement IDs (SID) in a single policy must be unique."
        raise MalformedPolicyError(message)
    return statements


def _parse(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise MalformedPolicyError(SYNTAX) from None
    if not isinstance(document, dict):
        raise MalformedPolicyError(SYNTAX)
    return document


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs as a dictionary; JSON allows a key twice, policies do not."""
    document = dict(pairs)
    if len(document) != len(pairs):
        raise MalformedPolicyError(SYNTAX)
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
