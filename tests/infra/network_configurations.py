"""The network configurations that an environment can have, beside those of mwaactl.toml."""

from dataclasses import replace

from mwaactl.config.environment import EnvironmentConfig, ExistingVpc

VPC = ExistingVpc(
    "vpc-0123456789abcdef0",
    ("subnet-0000000a", "subnet-0000000b"),
    ("subnet-0000000a", "subnet-0000000b", "subnet-0000000c"),
)
VPN = "10.8.0.0/16"


def without_a_way_out(config: EnvironmentConfig) -> EnvironmentConfig:
    """Private routing, and a web server for the VPN alone."""
    network = replace(config.network, nat="none", webserver_clients=(VPN,), boundary="o-a1b2c3d4e5")
    return replace(config, network=network, webserver_access_mode="PRIVATE_ONLY")


def with_customer_s_endpoints(config: EnvironmentConfig) -> EnvironmentConfig:
    """Private routing with the environment's endpoints in its own stack."""
    closed = without_a_way_out(config)
    return replace(closed, network=replace(closed.network, endpoint_management="CUSTOMER"))


def in_existing_vpc(config: EnvironmentConfig, vpc: ExistingVpc = VPC) -> EnvironmentConfig:
    """A VPC of somebody else's in the same account."""
    return replace(config, network=replace(config.network, vpc=vpc))


def in_shared_vpc(
    config: EnvironmentConfig, owner: str = "444455556666", vpc: ExistingVpc = VPC
) -> EnvironmentConfig:
    """A VPC that another account shares, and whose people make the environment's endpoints."""
    existing = in_existing_vpc(config, replace(vpc, owner=owner))
    return replace(existing, network=replace(existing.network, endpoint_management="CUSTOMER"))
