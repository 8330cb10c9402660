"""What of the account as a whole equals AWS, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.iam.condition_operators import OPERATORS
from mwaactl.emulator.parity.row import equal, listed, refused
from mwaactl.emulator.wire_errors import NOT_MODELLED

if TYPE_CHECKING:
    from mwaactl.emulator.parity.row import Row


def equal_rows() -> tuple[Row, ...]:
    """Return what equals AWS whatever the service."""
    return (
        equal(
            "order of judgement",
            "explicit deny first; then all policies about the caller and the resource together",
        ),
        equal(
            "elements of a statement",
            "Action, Resource, Principal and their negations, with wildcards and variables",
        ),
        equal(
            "operators of conditions",
            f"{listed(OPERATORS)}; each with IfExists, ForAllValues and ForAnyValue as in IAM's reference",
        ),
        equal("a denial", "has the code, the status and the sentence of its service"),
        equal("iam:PassRole", "is needed by who hands over a role"),
        equal(
            "alarms",
            "M out of N, missing data, percentiles; reasons and history of states; tell topics and functions",
        ),
        equal(
            "an encrypted topic",
            "takes a service's message only if the topic's policy and its key's both let it",
        ),
        equal(
            "rules of EventBridge",
            "tell topics, functions and queues of events; stacks and MWAA environments send theirs",
        ),
        equal("metric filters", "make datapoints of the lines that hold their terms"),
    )


def refused_rows() -> tuple[Row, ...]:
    """Return what is refused whatever the service."""
    return (
        refused(
            "a service or an operation that nobody models",
            f"{NOT_MODELLED}: `The emulator does not model OPERATION of SERVICE`",
        ),
        refused(
            "filter patterns of JSON, of columns, and with regular expressions",
            "InvalidParameterException naming it",
        ),
        refused(
            "composite alarms, anomaly detection, metric math beyond arithmetic and six functions",
            "ValidationError naming it",
        ),
    )
