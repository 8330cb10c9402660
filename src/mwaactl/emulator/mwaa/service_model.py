"""botocore's model of MWAA, which says what requests and answers look like; moto has read it already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.utils import get_service_model

if TYPE_CHECKING:
    from botocore.model import ServiceModel


def service_model() -> ServiceModel:
    """Return the model."""
    return get_service_model("mwaa")
