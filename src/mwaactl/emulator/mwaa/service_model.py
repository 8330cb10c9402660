"""botocore's model of MWAA, which says what requests and answers look like."""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel


@cache
def service_model() -> ServiceModel:
    """Return the model."""
    return ServiceModel(Loader().load_service_model("mwaa", "service-2"), "mwaa")
