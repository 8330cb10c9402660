"""The pipeline's options: section `pipelines` of Airflow's configuration.

On Amazon MWAA they are Airflow configuration options of the environment (`pipelines.data_bucket`), elsewhere
environment variables (`AIRFLOW__PIPELINES__DATA_BUCKET`).
"""

from typing import cast

from airflow.configuration import conf

SECTION = "pipelines"
DEFAULT_MAX_REJECTED_SHARE = 0.001


class OptionMissingError(ValueError):
    """An option that the pipeline needs is not set."""


def required(name: str) -> str:
    """Return an option; SQL files and operators call this as `option(...)` when they are rendered.

    Raises:
        OptionMissingError: it is not set; the message says how to set it.
    """
    value = optional(name)
    if value is None:
        message = (
            f"Airflow's configuration lacks `{SECTION}.{name}`: set it as a configuration option of the "
            f"environment, or AIRFLOW__{SECTION.upper()}__{name.upper()} where Airflow runs"
        )
        raise OptionMissingError(message)
    return value


def optional(name: str) -> str | None:
    """Return an option, or None where it is not set or empty."""
    return cast("str | None", conf.get(SECTION, name, fallback=None)) or None


def max_rejected_share() -> float:
    """Return which part of a table's rows may be bad before a run fails, from 0 to 1."""
    return float(optional("max_rejected_share") or DEFAULT_MAX_REJECTED_SHARE)
