"""Quotas, lengths and the shapes of text that MWAA accepts."""

import re
from dataclasses import dataclass
from functools import cache

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class Limits:
    """Quotas and lengths; durations in seconds, sizes in bytes where the name says so."""

    environments_per_region: int
    workers_default_quota: int
    workers_default_maximum: int
    environment_name_length: int
    bucket_name_length: int
    tag_count: int
    tag_key_length: int
    tag_value_length: int
    option_key_length: int
    option_value_length: int
    rest_api_path_length: int
    rest_api_timeout_seconds: int
    rest_api_response_bytes: int
    token_seconds: int
    endpoint_wait_seconds: int
    graceful_update_seconds: int
    startup_script_seconds: int
    requirements_install_seconds: int
    requirements_bytes: int
    plugins_zip_bytes: int


@cache
def limits() -> Limits:
    """The limits of MWAA, and those of S3 that names of ours meet."""
    return Limits(**read_table("limits")["limits"])


@cache
def pattern(shape: str) -> re.Pattern[str]:
    """Returns the pattern that a text must match as a whole.

    Args:
        shape: `environment_name`, `option_key`, `option_value`, `tag_text` or `maintenance_window`.
    """
    return re.compile(read_table("limits")["patterns"][shape])
