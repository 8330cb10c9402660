"""Names that can be imported in MWAA's image, so that a project's own modules can keep clear of them."""

from dataclasses import dataclass
from functools import cache

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class ImportNames:
    """Top-level names of one Airflow version's image.

    Attributes:
        installed: Modules and packages that are installed.
        shared: Folders without `__init__.py` that several packages put modules into, for example `google`.
        standard_library: Modules of Python itself.
    """

    installed: frozenset[str]
    shared: frozenset[str]
    standard_library: frozenset[str]


@cache
def import_names(airflow_version: str, python: str) -> ImportNames:
    """Returns the names of an image.

    Args:
        airflow_version: A supported version, for example `3.3.1`.
        python: Its Python, for example `3.12`.
    """
    table = read_table("import_names")
    return ImportNames(
        frozenset(table["installed"][airflow_version]),
        frozenset(table["shared"][airflow_version]),
        frozenset(table["standard_library"][python]),
    )
