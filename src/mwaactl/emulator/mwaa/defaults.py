"""What CreateEnvironment fills in where the request is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.catalog.classes import default_environment_class, environment_classes
from mwaactl.catalog.limits import limits
from mwaactl.catalog.versions import default_airflow_version

if TYPE_CHECKING:
    from collections.abc import Mapping

# Log kind, as the log group's name ends, to its member of LoggingConfiguration.
LOG_MEMBERS = {
    "DAGProcessing": "DagProcessingLogs",
    "Scheduler": "SchedulerLogs",
    "Task": "TaskLogs",
    "WebServer": "WebserverLogs",
    "Worker": "WorkerLogs",
}


def with_defaults(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a new environment: the request's, completed as MWAA completes them."""
    members = _constant_defaults() | dict(request)
    counts = _count_defaults(members["EnvironmentClass"])
    members = counts | members
    members["LoggingConfiguration"] = merged_logging({}, members.get("LoggingConfiguration", {}))
    return without_empty_artifacts(members)


def merged_update(current: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return an environment's members after an update: what the request names replaces what was."""
    changes = {name: value for name, value in request.items() if value is not None}
    changes.pop("WorkerReplacementStrategy", None)
    if "LoggingConfiguration" in changes:
        changes["LoggingConfiguration"] = merged_logging(
            current["LoggingConfiguration"], changes["LoggingConfiguration"]
        )
    if "NetworkConfiguration" in changes:
        changes["NetworkConfiguration"] = {
            **current["NetworkConfiguration"],
            **changes["NetworkConfiguration"],
        }
    return without_empty_artifacts(dict(current) | changes)


def merged_logging(current: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return all five modules: as requested, else as before, else disabled."""
    off = {"Enabled": False, "LogLevel": "INFO"}
    return {name: dict(request.get(name) or current.get(name) or off) for name in LOG_MEMBERS.values()}


def without_empty_artifacts(members: dict[str, Any]) -> dict[str, Any]:
    """Drop artifacts whose path is empty: the model allows length 0, which detaches the file."""
    for artifact in ("Plugins", "Requirements", "StartupScript"):
        if members.get(f"{artifact}S3Path") == "":
            members.pop(f"{artifact}S3Path")
            members.pop(f"{artifact}S3ObjectVersion", None)
    return members


def _constant_defaults() -> dict[str, Any]:
    return {
        "AirflowVersion": default_airflow_version(),
        "EnvironmentClass": default_environment_class(),
        "WebserverAccessMode": "PRIVATE_ONLY",
        "EndpointManagement": "SERVICE",
        "WeeklyMaintenanceWindowStart": "SUN:03:30",
        "AirflowConfigurationOptions": {},
    }


def _count_defaults(environment_class: str) -> dict[str, int]:
    known = environment_classes().get(environment_class)
    if known is None:
        return {}
    return {
        "MinWorkers": known.workers.least,
        "MaxWorkers": min(limits().workers_default_maximum, known.workers.most),
        "Schedulers": known.schedulers.least,
        "MinWebservers": known.webservers.least,
        "MaxWebservers": known.webservers.least,
    }
