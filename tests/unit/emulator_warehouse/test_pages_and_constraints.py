"""Tokens of pages, and botocore's constraints in AWS's words."""

from __future__ import annotations

import botocore.session
import pytest

from mwaactl.emulator.warehouse.faults import ServiceFault
from mwaactl.emulator.warehouse.paging import page
from mwaactl.emulator.warehouse.shapes import validate_constraints
from mwaactl.emulator.warehouse.sql import refusals


def test_pages_cover_a_list_once() -> None:
    items, token = list(range(7)), None
    seen: list[int] = []
    while True:
        found, token = page(items, token, 3)
        seen += found
        if token is None:
            break
    assert seen == items


def test_a_token_of_somebody_else_is_refused() -> None:
    with pytest.raises(ServiceFault) as caught:
        page([1], "Zm9v", 1)
    assert caught.value.code == "ValidationException"


def test_constraints_of_the_model_are_applied() -> None:
    model = botocore.session.get_session().get_service_model("redshift-serverless")
    shape = model.operation_model("CreateNamespace").input_shape
    assert shape is not None
    assert validate_constraints({"namespaceName": "good-name", "tags": []}, shape) == []
    (pattern,) = validate_constraints({"namespaceName": "Bad"}, shape)
    assert pattern.startswith("Value 'Bad' at 'namespaceName' failed to satisfy constraint")
    (length,) = validate_constraints({"namespaceName": "ab"}, shape)
    assert "length greater than or equal to 3" in length


def test_every_refusal_names_a_construct_and_gives_a_reason() -> None:
    tables = (
        refusals.STATEMENTS,
        refusals.NODES,
        refusals.TYPES,
        refusals.COPY_OPTIONS,
        refusals.UNLOAD_OPTIONS,
    )
    entries = [entry for table in tables for entry in table.values()]
    assert len(entries) > 60
    for entry in entries:
        assert entry.construct
        assert entry.reason
        assert not entry.reason.endswith(".")
