"""Kinds and levels of the logs that MWAA writes to CloudWatch."""

from mwaactl.catalog.tables import read_table


def log_kinds() -> tuple[str, ...]:
    """Kinds, as the names of the log groups end: `airflow-<environment>-<kind>`."""
    return tuple(read_table("logs")["kinds"])


def log_levels() -> tuple[str, ...]:
    """Levels, the quietest first."""
    return tuple(read_table("logs")["levels"])


def installing_kinds() -> tuple[str, ...]:
    """Kinds whose containers install requirements.txt and write pip's log."""
    return tuple(read_table("logs")["installing"])


def requirements_failure() -> str:
    """What MWAA writes to the log when pip fails; it starts Airflow all the same."""
    return str(read_table("logs")["requirements_failure"])
