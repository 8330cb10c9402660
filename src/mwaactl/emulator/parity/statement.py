"""The statement of parity as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.differences.sections import SECTIONS as DIFFERENCES
from mwaactl.emulator.parity import account, cloudformation, functions, mwaa, runtime, storage, warehouse
from mwaactl.emulator.parity.row import Verdict, differs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.parity.row import Row

type Rows = Callable[[], tuple[Row, ...]]

_BESIDE: Mapping[str, tuple[Rows, ...]] = {
    "Account, permissions, network": (account.equal_rows, account.refused_rows),
    "S3 and KMS": (storage.equal_rows,),
    "MWAA": (mwaa.equal_rows, mwaa.refused_rows),
    "Airflow": (runtime.equal_rows,),
    "Lambda": (functions.equal_rows, functions.refused_rows),
    "Redshift Serverless": (warehouse.equal_rows, warehouse.refused_rows),
    "CloudFormation": (cloudformation.equal_rows, cloudformation.refused_rows),
}
_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}


def statement() -> Mapping[str, tuple[Row, ...]]:
    """Return all rows by the part of AWS they are about: what equals it, what differs, what is refused."""
    return {title: _rows(title) for title in DIFFERENCES}


def _rows(title: str) -> tuple[Row, ...]:
    beside = tuple(row for rows in _BESIDE[title] for row in rows())
    everything = (*beside, *(differs(row) for row in DIFFERENCES[title]))
    return tuple(sorted(everything, key=lambda row: _ORDER[row.verdict]))
