"""The constraints that MWAA gives to pip where a requirements.txt names none."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mwaactl.catalog.tables import read_table


@cache
def airflow_constraints(version: str) -> Mapping[str, str]:
    """Returns normalised name to version for a supported Airflow version.

    They hold for many more packages than the image has installed: `pandas` for one.

    Raises:
        FileNotFoundError: mwaactl does not support the version.
    """
    return MappingProxyType(dict(read_table(f"constraints/{version}")["constraints"]))
