"""Contracts executed: on Redshift as one SELECT, on S3 as a stream."""

from typing import assert_never

from typed_assets.audit import stream, warehouse
from typed_assets.io.places import place_of
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.locations import RedshiftTable, S3Prefix
from typed_assets.staging import Audit, Staged

__all__ = ["audit"]


def audit(asset: Asset, staged: Staged, *, services: Services) -> Audit:
    """Check staged data against the asset's contract.

    The same data and contract give the same results on S3 and on Redshift. Where the asset has a quarantine,
    rows that break a blocking rule go there with the reason, and the others may be published; checking again
    gives the same.

    Args:
        asset: with the contract; without one, rows are counted.
        staged: what a writer has left.
        services: of the environment; `now` is what freshness is measured against.

    Returns:
        A result for every rule, passed or not.

    Raises:
        SpecError: the contract has a rule that cannot be checked.
        NotStagedError: what was staged is no longer there.
        DataError: it cannot be read.
    """
    place = place_of(asset, services)
    match place:
        case S3Prefix():
            return stream.audit_files(asset, place, staged, services=services)
        case RedshiftTable():
            return warehouse.audit_table(asset, place, staged, services=services)
        case _:
            assert_never(place)
