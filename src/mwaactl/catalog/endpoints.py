"""AWS services that a VPC without a way out reaches by interface endpoints."""

from mwaactl.catalog.tables import read_table


def mwaa_endpoint_services() -> tuple[str, ...]:
    """Services that MWAA itself asks for, for example `airflow.api`."""
    return tuple(read_table("endpoints")["mwaa"])


def pipeline_endpoint_services() -> tuple[str, ...]:
    """Services that the DAGs call besides S3, for example `redshift-data`."""
    return tuple(read_table("endpoints")["pipelines"])


def interface_endpoint_services() -> tuple[str, ...]:
    """Every service that gets an interface endpoint where there is no NAT gateway."""
    return (*mwaa_endpoint_services(), *pipeline_endpoint_services())
