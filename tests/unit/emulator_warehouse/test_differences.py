"""The table of what differs from Redshift."""

from __future__ import annotations

from mwaactl.emulator.warehouse.differences import DIFFERENCES


def test_every_difference_says_what_each_side_does() -> None:
    assert len({entry.subject for entry in DIFFERENCES}) == len(DIFFERENCES)
    for entry in DIFFERENCES:
        assert entry.redshift != entry.emulator
        assert not entry.emulator.endswith(".")
