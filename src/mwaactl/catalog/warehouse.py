"""Redshift Serverless as the stacks make it."""

from mwaactl.catalog.tables import read_table


def base_capacity() -> int:
    """Redshift Processing Units that a query gets at least."""
    return int(read_table("warehouse")["base_capacity"])
