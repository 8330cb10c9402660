"""Workgroups of Redshift Serverless: the compute in front of a namespace, with its endpoint and settings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import RLock, Thread
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.faults import conflict, invalid, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mwaactl.emulator.warehouse.namespaces import Namespace, Namespaces

DEFAULT_BASE_CAPACITY = 128
_PORTS = (range(5431, 5456), range(8191, 8216))
_UNMODELLED = ("pricePerformanceTarget", "extraComputeForAutomaticOptimization", "trackName")
_PARAMETERS = (
    "auto_mv",
    "datestyle",
    "enable_case_sensitive_identifier",
    "enable_user_activity_logging",
    "max_query_execution_time",
    "query_group",
    "require_ssl",
    "search_path",
    "use_fips_ssl",
)
# The other parameters change nothing that the emulator shows; these change what SQL means.
_FIXED_PARAMETERS = {
    "enable_case_sensitive_identifier": ("false",),
    "search_path": ("$user, public", '"$user", public'),
    "datestyle": ("ISO, MDY",),
}


@dataclass(frozen=True, slots=True)
class Workgroup:
    """One workgroup; `to_wire` gives the members of the API's Workgroup shape."""

    name: str
    region: str
    account_id: str
    arn: str
    workgroup_id: str
    namespace_name: str
    created: datetime
    status: str = "CREATING"
    base_capacity: int = DEFAULT_BASE_CAPACITY
    max_capacity: int | None = None
    port: int = 5439
    publicly_accessible: bool = False
    enhanced_vpc_routing: bool = False
    ip_address_type: str = "ipv4"
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """The host name that AWS would give the endpoint; nothing listens there."""
        return f"{self.name}.{self.account_id}.{self.region}.redshift-serverless.amazonaws.com"

    def to_wire(self) -> dict[str, Any]:
        """Return the members of the Workgroup shape."""
        return {
            "workgroupName": self.name,
            "workgroupArn": self.arn,
            "workgroupId": self.workgroup_id,
            "namespaceName": self.namespace_name,
            "creationDate": self.created,
            "status": self.status,
            "baseCapacity": self.base_capacity,
            "maxCapacity": self.max_capacity,
            "port": self.port,
            "publiclyAccessible": self.publicly_accessible,
            "enhancedVpcRouting": self.enhanced_vpc_routing,
            "ipAddressType": self.ip_address_type,
            "subnetIds": list(self.subnet_ids),
            "securityGroupIds": list(self.security_group_ids),
            "configParameters": [{"parameterKey": k, "parameterValue": v} for k, v in self.parameters],
            "endpoint": {"address": self.address, "port": self.port, "vpcEndpoints": []},
        }


class Workgroups:
    """The workgroups of one account, by region and name.

    Args:
        account_id: The account in ARNs.
        start: What makes a namespace's database ready; a workgroup is AVAILABLE when it has returned.
        stop: What closes the sessions on a namespace's database.
    """

    def __init__(
        self, account_id: str, start: Callable[[Namespace], object], stop: Callable[[Namespace], None]
    ) -> None:
        self._account = account_id
        self._start = start
        self._stop = stop
        self._items: dict[tuple[str, str], Workgroup] = {}
        self._lock = RLock()

    def all(self) -> list[Workgroup]:
        """Return the workgroups of all regions."""
        return list(self._items.values())

    def install(self, workgroups: Iterable[Workgroup]) -> None:
        """Hold what another process held; a namespace's database opens when it is first used."""
        ready = (replace(item, status="AVAILABLE") for item in workgroups)
        self._items = {(item.region, item.name): item for item in ready}

    def get(self, region: str, name: str) -> Workgroup:
        """Return a workgroup, or raise ResourceNotFoundException."""
        try:
            return self._items[region, name]
        except KeyError:
            msg = f"The workgroup {name} wasn't found."
            raise missing(msg) from None

    def find_arn(self, arn: str) -> Workgroup | None:
        """Return the workgroup with this ARN, if there is one."""
        return next((item for item in self._items.values() if item.arn == arn), None)

    def list(self, region: str) -> list[Workgroup]:
        """Return the workgroups of a region, by name."""
        return sorted((item for item in self._items.values() if item.region == region), key=lambda w: w.name)

    def uses(self, namespace: Namespace) -> bool:
        """Whether a workgroup is attached to the namespace."""
        return any(item.namespace_name == namespace.name for item in self.list(namespace.region))

    def create(self, params: Mapping[str, Any], region: str, namespaces: Namespaces) -> Workgroup:
        """Create a workgroup from the parameters of CreateWorkgroup; it becomes AVAILABLE by itself."""
        _validate(params)
        name, identity = params["workgroupName"], str(uuid.uuid4())
        with self._lock:
            if (region, name) in self._items:
                msg = f"A workgroup with the name {name} already exists."
                raise conflict(msg)
            namespace = namespaces.get(region, params["namespaceName"])
            if self.uses(namespace):
                msg = f"The namespace {namespace.name} already has a workgroup."
                raise conflict(msg)
            arn = f"arn:aws:redshift-serverless:{region}:{self._account}:workgroup/{identity}"
            fresh = Workgroup(name, region, self._account, arn, identity, namespace.name, datetime.now(UTC))
            workgroup = self._items[region, name] = _apply(fresh, params)
        Thread(target=self._become_available, args=(workgroup, namespace), daemon=True).start()
        return workgroup

    def _become_available(self, workgroup: Workgroup, namespace: Namespace) -> None:
        self._start(namespace)
        with self._lock:
            key = workgroup.region, workgroup.name
            if key in self._items:
                self._items[key] = replace(self._items[key], status="AVAILABLE")

    def update(self, params: Mapping[str, Any], region: str) -> Workgroup:
        """Change a workgroup as UpdateWorkgroup does: only what is given."""
        _validate(params)
        with self._lock:
            before = self.get(region, params["workgroupName"])
            if before.status != "AVAILABLE":
                msg = f"There is an operation running on the workgroup {before.name}."
                raise conflict(msg)
            self._items[region, before.name] = after = _apply(before, params)
        return replace(after, status="MODIFYING")

    def delete(self, params: Mapping[str, Any], region: str, namespaces: Namespaces) -> Workgroup:
        """Delete a workgroup; the namespace keeps its data."""
        with self._lock:
            workgroup = self.get(region, params["workgroupName"])
            if workgroup.status != "AVAILABLE":
                msg = f"There is an operation running on the workgroup {workgroup.name}."
                raise conflict(msg)
            self._stop(namespaces.get(region, workgroup.namespace_name))
            del self._items[region, workgroup.name]
        return replace(workgroup, status="DELETING")


def _apply(workgroup: Workgroup, params: Mapping[str, Any]) -> Workgroup:
    given = {item["parameterKey"]: item["parameterValue"] for item in params.get("configParameters", ())}
    return replace(
        workgroup,
        base_capacity=params.get("baseCapacity", workgroup.base_capacity),
        max_capacity=params.get("maxCapacity", workgroup.max_capacity),
        port=params.get("port", workgroup.port),
        publicly_accessible=params.get("publiclyAccessible", workgroup.publicly_accessible),
        enhanced_vpc_routing=params.get("enhancedVpcRouting", workgroup.enhanced_vpc_routing),
        ip_address_type=params.get("ipAddressType", workgroup.ip_address_type),
        subnet_ids=tuple(params.get("subnetIds", workgroup.subnet_ids)),
        security_group_ids=tuple(params.get("securityGroupIds", workgroup.security_group_ids)),
        parameters=tuple(sorted({**dict(workgroup.parameters), **given}.items())),
    )


def _validate(params: Mapping[str, Any]) -> None:
    for name in _UNMODELLED:
        if name in params:
            msg = f"the emulator does not model {name}"
            raise invalid(msg)
    capacity = params.get("baseCapacity", DEFAULT_BASE_CAPACITY)
    if capacity not in {4, *range(8, 513, 8), *range(544, 1025, 32)}:
        msg = (
            f"Base capacity {capacity} is not valid: 4, 8 to 512 in steps of 8, or 544 to 1024 in steps of 32"
        )
        raise invalid(msg)
    if "maxCapacity" in params and params["maxCapacity"] < capacity and "baseCapacity" in params:
        msg = "The max capacity must be greater than or equal to the base capacity."
        raise invalid(msg)
    port = params.get("port", 5439)
    if not any(port in ports for ports in _PORTS):
        msg = f"Port {port} is not valid: choose one of 5431-5455 or 8191-8215"
        raise invalid(msg)
    for item in params.get("configParameters", ()):
        _validate_parameter(item.get("parameterKey", ""), item.get("parameterValue", ""))


def _validate_parameter(key: str, value: str) -> None:
    if key not in _PARAMETERS:
        msg = f"Invalid parameter key {key}: one of {', '.join(_PARAMETERS)}"
        raise invalid(msg)
    if key in _FIXED_PARAMETERS and value not in _FIXED_PARAMETERS[key]:
        msg = f"the emulator does not model {key}={value}"
        raise invalid(msg)
