"""The logbook of one tenant's aircraft: the tenant is the last word of the asset's name."""

from typed_assets import AssetContext, Sql

_SELECT = """
SELECT
    CAST(time_hour AS DATE) AS day,
    CAST(COUNT(*) AS INTEGER) AS legs,
    CAST(SUM(distance) AS INTEGER) AS miles,
    CAST(SUM(arr_delay) AS INTEGER) AS minutes_late
FROM "raw".flights
WHERE tailnum = '{tail_number}'
GROUP BY 1
"""


def logbook(context: AssetContext) -> Sql:
    """Return the SELECT for the tenant's flights by day."""
    tail_number = context.asset.name.rpartition(".")[2].upper()
    return Sql(_SELECT.format(tail_number=tail_number))
