"""Operations and parameters that the table of IAM's requests names exist in botocore's models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from mwaactl.catalog.iam_requests import ResourceRule, ServiceRequests, iam_requests
from mwaactl.emulator.authorization.resources import READERS

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = list(iam_requests())
_KNOWN = {"partition", "region", "account", "name"}


def _model(service: ServiceRequests) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service.model)


def _exists(place: str, operation: OperationModel) -> bool:
    """Whether one of a place's alternatives stands in the operation's parameters, or is a text."""
    return any(
        alternative.startswith("'") or _found(operation.input_shape, alternative)
        for alternative in place.removesuffix("?").split(" || ")
    )


def _found(shape: Shape | None, place: str) -> bool:
    if wanted := re.fullmatch(r"keys\((.+)\)", place):
        return _found(shape, wanted[1])
    for step in place.split("."):
        if not isinstance(shape, StructureShape):
            return False
        shape = shape.members.get(step.removesuffix("[]"))
        if step.endswith("[]"):
            assert isinstance(shape, ListShape | MapShape)
            shape = shape.member if isinstance(shape, ListShape) else shape.value
    return shape is not None


def _places(rule: ResourceRule) -> Iterator[str]:
    if rule.name:
        yield rule.name
    for place in re.findall(r"\{([^{}]+)\}", rule.arn or ""):
        if not set(place.split(" || ")) & _KNOWN:
            yield place


@pytest.mark.parametrize("name", SERVICES)
def test_every_operation_that_is_named_exists(name: str) -> None:
    service = iam_requests()[name]
    ruled = {operation for rule in service.rules for operation in rule.operations}
    named = {*service.actions, *service.free, *service.own, *service.passes, *ruled}

    assert named - set(_model(service).operation_names) == set()


@pytest.mark.parametrize("name", SERVICES)
def test_requests_are_signed_with_the_services_name(name: str) -> None:
    assert _model(iam_requests()[name]).signing_name == name


@pytest.mark.parametrize("name", SERVICES)
def test_parameters_of_a_rule_exist_in_every_operation_that_it_names(name: str) -> None:
    service = iam_requests()[name]
    model = _model(service)
    absent = [
        (operation, place)
        for rule in service.rules
        for operation in rule.operations
        for place in _places(rule)
        if not place.endswith("?") and not _exists(place, model.operation_model(operation))
    ]

    assert absent == []


@pytest.mark.parametrize("name", SERVICES)
def test_parameters_of_keys_and_general_rules_exist_in_some_operation(name: str) -> None:
    service = iam_requests()[name]
    model = _model(service)
    operations = [model.operation_model(each) for each in model.operation_names]
    places = {*service.keys.values(), *(place for rule in service.general_rules for place in _places(rule))}
    alternatives = {alternative for place in places for alternative in place.split(" || ")}

    assert [
        place for place in alternatives if not any(_exists(place, operation) for operation in operations)
    ] == []


@pytest.mark.parametrize("name", SERVICES)
def test_roles_that_are_handed_over_stand_where_the_table_says(name: str) -> None:
    service = iam_requests()[name]
    model = _model(service)

    for operation, place in service.passes.items():
        assert _exists(place, model.operation_model(operation)), operation


def test_every_reader_exists_and_is_used() -> None:
    used = {rule.read for service in iam_requests().values() for rule in service.rules if rule.read}

    assert used == set(READERS)


@pytest.mark.parametrize("name", SERVICES)
def test_an_operation_has_one_special_treatment(name: str) -> None:
    service = iam_requests()[name]

    assert not service.free & service.own
    assert not (service.free | service.own) & set(service.actions)
