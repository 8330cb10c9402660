"""Laboratories for all trials, one for each core that a small machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.deployers.laboratory import Laboratory

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def laboratories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Laboratory, ...]]:
    made = tuple(Laboratory(tmp_path_factory.mktemp("laboratory")) for _ in range(2))
    yield made
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def laboratory(laboratories: tuple[Laboratory, ...]) -> Laboratory:
    return laboratories[0]
