"""Killed at any request, a table is what it was or what it shall be, and its publication is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.fakes.examples import examples
from tests.fakes.killed_publications import Publishing, matrix
from tests.fakes.killed_requests import Clock
from typed_assets import Asset, Column, ColumnType, Contract, Daily
from typed_assets.spec.assets import Quarantine

if TYPE_CHECKING:
    from tests.fakes.killed_requests import Moment
    from typed_assets.services import Services

CONTRACT = Contract(
    columns=(
        Column(name="carrier", type=ColumnType.TEXT),
        Column(name="flight", type=ColumnType.INTEGER, minimum=1),
    ),
    keys=(("flight",),),
)
AT = "redshift://{warehouse_workgroup}/{warehouse_database}/"
OLD = [{"carrier": "UA", "flight": number} for number in (1, 2)]
NEW = [{"carrier": "AA", "flight": number} for number in (0, 3, 4)]
EVERY = 23 if examples(1) == 1 else 1
"""The suite kills at one request in 23, `make test-all` at each."""


@pytest.mark.parametrize("moment", [pytest.param("before", marks=pytest.mark.whole), "after"])
def test_a_table_with_a_quarantine_is_published_once(services: Services, moment: Moment) -> None:
    clock = Clock()

    def prepare(name: str) -> Publishing:
        asset = Asset(
            name=f"killed.{name}",
            uri=f"{AT}killed/{name}",
            contract=CONTRACT,
            partitions=Daily(start=date(2013, 1, 1)),
            quarantine=Quarantine(uri=f"{AT}killed/{name}_bad", max_share=1),
        )
        return Publishing(asset, "2013-01-31", replace(services, now=clock))

    assert matrix(prepare, (OLD, NEW), moment, EVERY) > 30
