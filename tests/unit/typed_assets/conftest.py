"""What tests of assets share."""

import pytest

from tests.fakes.lake import FLIGHTS, Lake, lake_in_memory
from typed_assets.spec.assets import Asset


@pytest.fixture
def lake() -> Lake:
    return lake_in_memory()


@pytest.fixture
def flights() -> Asset:
    return FLIGHTS
