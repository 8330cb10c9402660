"""A startup.sh that is too large to be a script."""

from collections.abc import Iterator

from mwaactl.catalog.limits import limits
from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import STARTUP, Bundle
from mwaactl.project.checks.finding import Finding

# MWAA names no limit. What is larger carries data, and each container has minutes for all of it.
LARGEST = 64 * 1024


def startup_size(bundle: Bundle, _: AirflowVersion) -> Iterator[Finding]:
    """Reports a script that carries more than commands."""
    size = bundle.startup.size if bundle.startup else 0
    if size > LARGEST:
        minutes = limits().startup_script_seconds // 60
        message = (
            f"has {size:,} bytes: every container runs all of it at each start, within {minutes} minutes"
        )
        hint = "put data into dags/ and packages into requirements.txt"
        yield Finding("startup-size", "warning", STARTUP, None, message, hint)
