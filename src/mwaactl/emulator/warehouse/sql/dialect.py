"""Redshift's grammar, except where sqlglot's reading of a function loses what was written."""

from __future__ import annotations

from typing import ClassVar

from sqlglot.dialects.redshift import Redshift
from sqlglot.parsers.redshift import RedshiftParser


class WarehouseParser(RedshiftParser):
    """TO_CHAR stays as it is, because its patterns tell `Day` from `day`."""

    FUNCTIONS: ClassVar = {
        name: build for name, build in RedshiftParser.FUNCTIONS.items() if name != "TO_CHAR"
    }


class WarehouseRedshift(Redshift):
    """Redshift, read by that parser."""

    Parser = WarehouseParser
