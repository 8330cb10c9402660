"""How an update's members come together with those that were."""

from __future__ import annotations

from typing import Any

from mwaactl.catalog.logs import log_kinds
from mwaactl.emulator.mwaa.defaults import LOG_MEMBERS, merged_update, with_defaults

BARE: dict[str, Any] = {"NetworkConfiguration": {"SubnetIds": ["a", "b"], "SecurityGroupIds": ["c"]}}


def test_counts_follow_the_environment_class() -> None:
    micro = with_defaults(BARE | {"EnvironmentClass": "mw1.micro"})
    assert {micro[name] for name in ("MinWorkers", "MaxWorkers", "Schedulers", "MaxWebservers")} == {1}
    assert with_defaults(BARE)["MaxWorkers"] == 10


def test_every_kind_of_log_has_its_member() -> None:
    assert tuple(LOG_MEMBERS) == log_kinds()
    assert set(with_defaults(BARE)["LoggingConfiguration"]) == set(LOG_MEMBERS.values())


def test_update_of_one_log_leaves_the_others() -> None:
    on = {"Enabled": True, "LogLevel": "DEBUG"}
    before = with_defaults(BARE | {"LoggingConfiguration": {"TaskLogs": on}})
    after = merged_update(before, {"LoggingConfiguration": {"WorkerLogs": on}})
    assert after["LoggingConfiguration"]["TaskLogs"] == after["LoggingConfiguration"]["WorkerLogs"] == on


def test_update_of_security_groups_leaves_the_subnets() -> None:
    after = merged_update(with_defaults(BARE), {"NetworkConfiguration": {"SecurityGroupIds": ["d"]}})
    assert after["NetworkConfiguration"] == {"SubnetIds": ["a", "b"], "SecurityGroupIds": ["d"]}


def test_options_are_replaced_as_a_whole() -> None:
    before = with_defaults(BARE | {"AirflowConfigurationOptions": {"a.b": "1"}})
    after = merged_update(before, {"AirflowConfigurationOptions": {"c.d": "2"}})
    assert after["AirflowConfigurationOptions"] == {"c.d": "2"}


def test_worker_replacement_strategy_is_not_a_member_of_the_environment() -> None:
    assert "WorkerReplacementStrategy" not in merged_update(
        with_defaults(BARE), {"WorkerReplacementStrategy": "FORCED"}
    )
