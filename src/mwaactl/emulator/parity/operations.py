"""Which operations of a service are answered: by its model and the names of the methods that answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import botocore.session
from botocore import xform_name

if TYPE_CHECKING:
    from collections.abc import Collection


def answered(service: str, responses: type) -> tuple[str, ...]:
    """Return the operations that have a method, as moto looks methods up.

    Args:
        service: botocore's name of the service.
        responses: The class whose methods answer.
    """
    own = vars(responses)
    return tuple(name for name in operations_of(service) if xform_name(name) in own)


def others(service: str, modelled: Collection[str]) -> tuple[str, ...]:
    """Return the operations of a service that are not among the modelled ones."""
    return tuple(name for name in operations_of(service) if name not in modelled)


@cache
def operations_of(service: str) -> tuple[str, ...]:
    """Return all operations of a service, as the SDK of this release knows them."""
    return tuple(botocore.session.get_session().get_service_model(service).operation_names)
