"""An environment as text and as JSON."""

from typing import Any

from mwaactl.observed import ObservedEnvironment, Release
from mwaactl.quotation import quoted


def environment_data(environment: ObservedEnvironment, release: Release | None) -> dict[str, Any]:
    """Return an environment and its current release as JSON values."""
    return {
        "name": environment.name,
        "status": environment.status,
        "airflow_version": environment.airflow_version,
        "environment_class": environment.environment_class,
        "arn": environment.arn,
        "webserver_hostname": environment.webserver_hostname,
        "webserver_access_mode": environment.webserver_access_mode,
        "update_error": environment.update_error,
        "release": release.id if release else None,
        "released_at": release.when if release else None,
        "released_by": release.who if release else None,
        "git_commit": release.git_commit if release else None,
    }


def environment_text(environment: ObservedEnvironment, release: Release | None) -> str:
    """Return an environment and its current release for reading; what is unknown is left out."""
    data = {key: value for key, value in environment_data(environment, release).items() if value}
    width = max(len(key) for key in data)
    return "\n".join(f"{key.replace('_', ' '):<{width}}  {quoted(value)}" for key, value in data.items())
