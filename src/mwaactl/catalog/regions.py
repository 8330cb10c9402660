"""Regions of AWS, and what the name of a new one looks like."""

from mwaactl.catalog.tables import read_table


def regions() -> tuple[str, ...]:
    """All regions that are known, sorted, for example `eu-west-1`."""
    return tuple(read_table("regions")["names"])


def may_be_region(name: str) -> bool:
    """Tells whether a name is a region's, or made like one.

    AWS opens regions more often than this table is written: a name that is made of an area and a point of the
    compass which are known may be a new one, `eu-north-2`. A letter that is missing makes neither.
    """
    area, _, rest = name.partition("-")
    point, _, number = rest.rpartition("-")
    areas = {each.partition("-")[0] for each in regions()}
    return area in areas and point in read_table("regions")["points"] and number.isdecimal()
