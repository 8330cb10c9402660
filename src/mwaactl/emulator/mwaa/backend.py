"""All environments of an emulator, and what each API operation does with them."""

from __future__ import annotations

import re
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from mwaactl.catalog.limits import limits
from mwaactl.emulator.mwaa.defaults import merged_update, with_defaults
from mwaactl.emulator.mwaa.environment import Environment, LastUpdate, Status
from mwaactl.emulator.mwaa.exceptions import EnvironmentNotFoundError, ValidationError
from mwaactl.emulator.mwaa.lifecycle import Door, EnvironmentLifecycle
from mwaactl.emulator.mwaa.rules import check_rules, check_strategy, check_tags, check_transition
from mwaactl.emulator.mwaa.status_events import tell_status
from mwaactl.emulator.mwaa.surroundings import check_role, check_source, check_surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream
    from mwaactl.emulator.mwaa.host import AirflowHostFactory
    from mwaactl.emulator.mwaa.surroundings import Clients

ARN = re.compile(r"arn:aws[-a-z]*:airflow:(?P<region>[^:]+):\d{12}:environment/(?P<name>.+)")


class OpenDoor(Protocol):
    """Opens an environment's front door."""

    def __call__(self, upstream: Upstream, port: int | None = None) -> Door:
        """Open it on this port if that is free, else on another."""


class MwaaBackend:
    """Environments by region and name.

    Args:
        account_id: The one account that owns them.
        region: The region whose environments' hosts carry the plain environment name.
        host_factory: Makes an environment's Airflow host.
        clients_of: Gives the boto3 clients of a region.
        open_door: Opens an environment's front door.
        now: The clock.
    """

    def __init__(
        self,
        *,
        account_id: str,
        region: str,
        host_factory: AirflowHostFactory,
        clients_of: Callable[[str], Clients],
        open_door: OpenDoor,
        now: Callable[[], datetime],
    ) -> None:
        self._account_id = account_id
        self._region = region
        self._host_factory = host_factory
        self._clients_of = clients_of
        self._open_door = open_door
        self._now = now
        self._lock = threading.RLock()
        self._lifecycles: dict[tuple[str, str], EnvironmentLifecycle] = {}

    def create(self, region: str, parameters: Mapping[str, Any]) -> Environment:
        """Accept a new environment and begin to start its Airflow.

        Raises:
            ValidationError: MWAA would refuse the request, or the name is taken.
            ServiceUnavailableError: No port is free for its web server.
        """
        members = with_defaults({key: value for key, value in parameters.items() if value is not None})
        name, tags = members.pop("Name"), members.pop("Tags", {})
        check_tags(tags)
        check_rules(members)
        check_surroundings(members, self._clients_of(region), self._arn(region, name))
        with self._lock:
            self._demand_room(region, name)
            lifecycle = self._new_lifecycle(region, name, members, tags)
            self._lifecycles[region, name] = lifecycle
        lifecycle.create()
        return lifecycle.environment

    def update(self, region: str, parameters: Mapping[str, Any]) -> Environment:
        """Accept changes and begin to apply them.

        Raises:
            EnvironmentNotFoundError: There is no such environment.
            ValidationError: MWAA would refuse the change, or other work is under way.
        """
        lifecycle = self.lifecycle(region, parameters["Name"])
        current = lifecycle.environment.members
        changes = {key: value for key, value in parameters.items() if key != "Name"}
        members = merged_update(current, changes)
        strategy = changes.get("WorkerReplacementStrategy") or "FORCED"
        check_rules(members)
        check_strategy(strategy, lifecycle.environment.last_update.strategy)
        check_transition(current["AirflowVersion"], members["AirflowVersion"])
        check_source(members, self._clients_of(region))
        check_role(members, self._clients_of(region), lifecycle.environment.arn)
        lifecycle.update(members, strategy)
        return lifecycle.environment

    def delete(self, region: str, name: str) -> None:
        """Begin to delete an environment.

        Raises:
            EnvironmentNotFoundError: There is no such environment.
            ValidationError: Other work is under way.
        """
        self.lifecycle(region, name).delete(lambda: self._forget(region, name))

    def lifecycle(self, region: str, name: str) -> EnvironmentLifecycle:
        """Return the life of one environment.

        Raises:
            EnvironmentNotFoundError: There is no such environment.
        """
        with self._lock:
            found = self._lifecycles.get((region, name))
        if found is None:
            msg = f"No environment found with name {name}"
            raise EnvironmentNotFoundError(msg)
        return found

    def serving(self, region: str, name: str) -> EnvironmentLifecycle:
        """Return the life of an environment that has an Airflow.

        Raises:
            EnvironmentNotFoundError: There is no such environment, or it is not available.
        """
        lifecycle = self.lifecycle(region, name)
        if not lifecycle.environment.status.serves:
            msg = f"Environment {name} is not available, its status is {lifecycle.environment.status}"
            raise EnvironmentNotFoundError(msg)
        return lifecycle

    def names(self, region: str) -> list[str]:
        """Return the names of a region's environments in alphabetical order."""
        with self._lock:
            return sorted(name for home, name in self._lifecycles if home == region)

    def all(self) -> tuple[EnvironmentLifecycle, ...]:
        """Return every environment's life, by region and name."""
        with self._lock:
            return tuple(self._lifecycles[key] for key in sorted(self._lifecycles))

    def tags(self, arn: str) -> dict[str, str]:
        """Return the tags of the environment with this ARN.

        Raises:
            EnvironmentNotFoundError: There is none.
        """
        return dict(self._by_arn(arn).environment.tags)

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Add or replace tags.

        Raises:
            EnvironmentNotFoundError: There is no environment with this ARN.
            ValidationError: A key is reserved, or there would be more than 50 tags.
        """
        check_tags(tags)
        merged = self.tags(arn) | dict(tags)
        if len(merged) > limits().tag_count:
            msg = f"An environment cannot have more than {limits().tag_count} tags"
            raise ValidationError(msg)
        self._by_arn(arn).tag(merged)

    def untag(self, arn: str, keys: Iterable[str]) -> None:
        """Remove tags; absent ones are no failure.

        Raises:
            EnvironmentNotFoundError: There is no environment with this ARN.
        """
        gone = set(keys)
        self._by_arn(arn).tag({key: value for key, value in self.tags(arn).items() if key not in gone})

    def close(self) -> None:
        """End every Airflow and front door."""
        for lifecycle in self.all():
            lifecycle.close()

    def resume(self, environments: Iterable[Environment]) -> None:
        """Begin to run what an earlier emulator ran, each environment behind the port that it had.

        Raises:
            ServiceUnavailableError: No port is free for a web server.
        """
        for environment in environments:
            port = int(environment.web_host.rpartition(":")[2])
            lifecycle = self._lifecycle_of(environment, partial(self._open_door, port=port))
            key = environment.region, environment.name
            with self._lock:
                self._lifecycles[key] = lifecycle
            lifecycle.resume(partial(self._forget, *key))

    def _arn(self, region: str, name: str) -> str:
        return f"arn:aws:airflow:{region}:{self._account_id}:environment/{name}"

    def _by_arn(self, arn: str) -> EnvironmentLifecycle:
        match = ARN.fullmatch(arn)
        return self.lifecycle(match["region"] if match else "", match["name"] if match else arn)

    def _demand_room(self, region: str, name: str) -> None:
        if (region, name) in self._lifecycles:
            msg = f"An environment with name {name} already exists"
            raise ValidationError(msg)
        if len(self.names(region)) >= limits().environments_per_region:
            msg = f"The quota of {limits().environments_per_region} environments is used up"
            raise ValidationError(msg)

    def _new_lifecycle(
        self, region: str, name: str, members: Mapping[str, Any], tags: Mapping[str, str]
    ) -> EnvironmentLifecycle:
        now = self._now()
        environment = Environment(
            name=name,
            region=region,
            account_id=self._account_id,
            created_at=now,
            members=members,
            web_host="",
            status=Status.CREATING,
            last_update=LastUpdate("PENDING", now),
            tags=tags,
        )
        return self._lifecycle_of(environment, self._open_door)

    def _lifecycle_of(
        self, environment: Environment, open_door: Callable[[Upstream], Door]
    ) -> EnvironmentLifecycle:
        name, region = environment.name, environment.region
        host = self._host_factory(name if region == self._region else f"{name}.{region}")
        clients = self._clients_of(region)
        return EnvironmentLifecycle(environment, host, clients, open_door, self._now, tell_status)

    def _forget(self, region: str, name: str) -> None:
        with self._lock:
            self._lifecycles.pop((region, name), None)
