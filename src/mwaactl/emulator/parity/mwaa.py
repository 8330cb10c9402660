"""What of MWAA's API and front door equals AWS, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.catalog.classes import environment_classes
from mwaactl.catalog.limits import limits
from mwaactl.emulator.mwaa.environment import Status
from mwaactl.emulator.mwaa.frontdoor import cli, sign_in
from mwaactl.emulator.mwaa.frontdoor.cli_commands import ADDED, COMMON
from mwaactl.emulator.mwaa.operations import MwaaOperations
from mwaactl.emulator.mwaa.rules import UNMODELLED
from mwaactl.emulator.parity.operations import answered
from mwaactl.emulator.parity.row import equal, listed, refused

if TYPE_CHECKING:
    from mwaactl.emulator.parity.row import Row


def equal_rows() -> tuple[Row, ...]:
    """Return what a client of MWAA cannot tell from AWS."""
    bounds = limits()
    size = bounds.rest_api_response_bytes // 2**20
    return (
        equal("operations of MWAA", listed(answered("mwaa", MwaaOperations))),
        equal(
            "requests",
            "are judged by the service's model, types and constraints, and answered with its error types",
        ),
        equal("an environment's statuses", f"include {listed(Status)}"),
        equal("environment classes", f"{listed(environment_classes())}, with their least and largest counts"),
        equal(
            "what a new environment needs",
            "a role that trusts MWAA and may read the bucket, two private subnets in two zones, security "
            "groups with a rule for themselves, a private bucket with versions, the object versions named, "
            "and no option that is blocked",
        ),
        equal(
            "EndpointManagement CUSTOMER",
            "leaves an environment PENDING until its VPC has endpoints for the services that GetEnvironment "
            "names",
        ),
        equal(
            "an update",
            "starts new components beside the old ones, which end at once (FORCED) or with their tasks "
            "(GRACEFUL), or go on if the new ones do not become healthy",
        ),
        equal(
            "a change of Airflow's version",
            "stops the environment and takes the metadata database along, forward or back, or puts its "
            "snapshot back; from 2 to 3 and back it goes by 2.11",
        ),
        equal("tags", f"are at most {bounds.tag_count}; keys that begin with `aws:` are refused"),
        equal(
            "InvokeRestApi",
            f"ends after {bounds.rest_api_timeout_seconds} s and at {size} MB, "
            f"takes a path of {bounds.rest_api_path_length} characters, and answers Airflow's errors as "
            "RestApiClientException and RestApiServerException",
        ),
        equal(
            "web login and CLI tokens", f"live for {bounds.token_seconds} s, for one environment and purpose"
        ),
        equal(
            "MWAA's own paths of the web server",
            listed([sign_in.CONSOLE_PATH, cli.PATH, *sign_in.LOGIN_PATHS.values()]),
        ),
        equal(
            "commands of the CLI's path",
            f"{listed({*COMMON, *ADDED[2], *ADDED[3]})}, as far as MWAA's documentation lists them; "
            f"at most {cli.CONCURRENT_COMMANDS} at once",
        ),
    )


def refused_rows() -> tuple[Row, ...]:
    """Return what MWAA takes and the emulator refuses by name."""
    return (
        refused(f"{' and '.join(UNMODELLED)} of an environment", "ValidationException naming the member"),
    )
