"""Policy documents as moto keeps them, read once per text."""

from __future__ import annotations

import json
import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.malformed import MalformedPolicyError
from mwaactl.emulator.iam.policy import Policy

if TYPE_CHECKING:
    from mwaactl.emulator.iam.policy import Kind

_log = logging.getLogger(__name__)


@lru_cache(maxsize=4096)
def policy_of(document: str, kind: Kind, name: str) -> Policy:
    """Return the policy of a document.

    One that IAM would have refused has no statement, so it allows nothing; the log says why.

    Args:
        document: The document.
        kind: What the policy is attached to.
        name: What people know it by.
    """
    try:
        return read_policy(document, kind, name)
    except MalformedPolicyError as error:
        _log.warning("policy %s is passed over: %s", name, error.message)
        return Policy(name, kind, ())


def text_of(document: object) -> str:
    """Return a document's text; moto keeps some of them parsed."""
    return document if isinstance(document, str) else json.dumps(document)
