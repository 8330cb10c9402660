"""Merges what is set for all environments under what is set for one, and fills in what MWAA would choose."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

from pydantic import BaseModel

from mwaactl.catalog.classes import default_environment_class, environment_classes
from mwaactl.catalog.limits import limits
from mwaactl.catalog.versions import default_airflow_version
from mwaactl.config.environment import (
    AlarmsConfig,
    BudgetConfig,
    DeploymentConfig,
    EnvironmentConfig,
    ExistingVpc,
    LogLevel,
    NetworkConfig,
    SecretsConfig,
    WritersConfig,
)
from mwaactl.config.names import LogKind, Names
from mwaactl.config.schema import ProjectFile, Settings

LOG_KINDS: Mapping[str, LogKind] = MappingProxyType(
    {
        "dag_processing": "DAGProcessing",
        "scheduler": "Scheduler",
        "task": "Task",
        "webserver": "WebServer",
        "worker": "Worker",
    }
)

_STANDARD: Mapping[str, Any] = MappingProxyType(
    {
        "endpoint_url": None,
        "airflow_version": default_airflow_version(),
        "environment_class": default_environment_class(),
        "min_workers": 1,
        "webserver_access_mode": "PUBLIC_ONLY",
        "maintenance_window": None,
        "log_levels": {
            "dag_processing": "INFO",
            "scheduler": "WARNING",
            "task": "INFO",
            "webserver": "WARNING",
            "worker": "WARNING",
        },
        "network": {"nat": "one", "cidr": "10.192.0.0/16", "zones": ("a", "b", "c")},
    }
)


def missing_keys(file: ProjectFile, name: str) -> tuple[str, ...]:
    """Names the settings that have no default and that neither the environment nor `defaults` gives."""
    given = _layered(file.defaults, file.environments[name])
    missing = [key for key in ("account", "region") if key not in given]
    for table, key in (("budget", "monthly_usd"), ("deployment", "repository")):
        if given.get(table) and key not in given[table]:
            missing.append(f"{table}.{key}")
    return tuple(missing)


def resolve(file: ProjectFile, name: str) -> EnvironmentConfig:
    """Resolves one environment of a file in which nothing is missing.

    Args:
        file: The configuration as read.
        name: An environment of the file.
    """
    values = _layered(file.defaults, file.environments[name])
    values = _for_class(values["environment_class"]) | values
    values["network"] = _network(values["network"])
    values["deployment"] = _given_whole(values, "deployment", DeploymentConfig)
    values["secrets"] = _given_whole(values, "secrets", SecretsConfig)
    values["writers"] = WritersConfig(**values.get("writers", {}))
    values["log_levels"] = _levels(values["log_levels"])
    values["alarms"] = AlarmsConfig(**_frozen(values.get("alarms", {})))
    values["budget"] = BudgetConfig(**values["budget"]) if values.get("budget") else None
    values["airflow_config_options"] = MappingProxyType(values.get("airflow_config_options", {}))
    names = Names(file.project, name, values["account"], values["region"])
    values["tags"] = MappingProxyType({**names.tags, **values.get("tags", {})})
    return EnvironmentConfig(project=file.project, environment=name, **values)


def _network(values: Mapping[str, Any]) -> NetworkConfig:
    if "vpc" not in values:
        return NetworkConfig(**values)
    vpc = dict(values["vpc"])
    return NetworkConfig(**{**values, "vpc": ExistingVpc(vpc_id=vpc.pop("id"), **vpc)})


def _given_whole[T](values: Mapping[str, Any], key: str, kind: Callable[..., T]) -> T | None:
    """Make a part of the configuration that is absent unless something of it is said."""
    given = values.get(key)
    return kind(**given) if given else None


def _layered(*layers: Settings) -> dict[str, Any]:
    merged: dict[str, Any] = dict(_STANDARD)
    for layer in layers:
        for key, value in _given(layer).items():
            merged[key] = _over(merged.get(key), value)
    return merged


def _over(below: Any, value: Any) -> Any:  # noqa: ANN401 - any value of the configuration
    """Returns a value that stands over another one: tables are merged, everything else is replaced."""
    if not isinstance(value, dict):
        return value
    base = below if isinstance(below, dict) else {}
    return {**base, **{key: _over(base.get(key), inner) for key, inner in value.items()}}


def _given(settings: BaseModel) -> dict[str, Any]:
    return settings.model_dump(exclude_none=True, exclude_unset=True)


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: MappingProxyType(value) if isinstance(value, dict) else value for key, value in table.items()
    }


def _for_class(name: str) -> dict[str, int]:
    """Counts that MWAA chooses by environment class when none are given."""
    known = environment_classes()
    chosen = known.get(name) or known[default_environment_class()]
    return {
        "max_workers": min(limits().workers_default_maximum, chosen.workers.most),
        "schedulers": chosen.schedulers.least,
        "min_webservers": chosen.webservers.least,
        "max_webservers": chosen.webservers.least,
    }


def _levels(levels: Mapping[str, str]) -> Mapping[LogKind, LogLevel]:
    switched_on = {LOG_KINDS[key]: level for key, level in levels.items() if level != "OFF"}
    return MappingProxyType(cast("dict[LogKind, LogLevel]", switched_on))
