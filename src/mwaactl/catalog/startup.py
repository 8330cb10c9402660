"""What startup.sh can and cannot set on MWAA."""

from fnmatch import fnmatchcase

from mwaactl.catalog.tables import read_table


def protected_variables() -> tuple[str, ...]:
    """Environment variables that MWAA sets after startup.sh; a trailing `*` stands for any ending."""
    return tuple(read_table("startup")["protected"])


def is_protected(variable: str) -> bool:
    """Says whether exporting the variable in startup.sh has no effect."""
    return any(fnmatchcase(variable, pattern) for pattern in protected_variables())
