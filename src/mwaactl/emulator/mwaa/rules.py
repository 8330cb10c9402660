"""What MWAA refuses beyond single members: pure checks over an environment's completed members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.catalog.access import access_modes
from mwaactl.catalog.classes import environment_classes
from mwaactl.catalog.options import option_rule
from mwaactl.catalog.versions import airflow_versions, unsupported_on_mwaa, version_key
from mwaactl.emulator.mwaa.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

type Members = Mapping[str, Any]

# Real on AWS, not modelled here: better refused by name than silently ignored.
UNMODELLED = ("IdentityCenterConfiguration", "Teams")

# The last minor version of Airflow 2, the only one with a way up to Airflow 3.
# https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html
LAST_AIRFLOW_2 = "2.11"


def check_rules(members: Members) -> None:
    """Refuse an environment that MWAA would refuse.

    Args:
        members: The environment's members by their API names, with defaults filled in.

    Raises:
        ValidationError: The first rule that is broken.
    """
    checks = (_unmodelled, _version, _class, _access_mode, _options, _artifacts, _dags_path, _subnets)
    for check in checks:
        for problem in check(members):
            raise ValidationError(problem)


def check_transition(current: str, wanted: str) -> None:
    """Refuse a change of Airflow's version that MWAA has no path for.

    Raises:
        ValidationError: From Airflow 2 to 3 or back, other than by the last minor version of 2.
    """
    last = version_key(LAST_AIRFLOW_2)
    if version_key(wanted)[0] < version_key(current)[0] and version_key(wanted) < last:
        msg = (
            f"Downgrading Airflow {current} to {wanted} is not possible in one step; "
            f"downgrade to {LAST_AIRFLOW_2}.x first"
        )
        raise ValidationError(msg)
    if version_key(wanted)[0] > version_key(current)[0] and version_key(current) < last:
        msg = (
            f"Upgrading Airflow {current} to {wanted} is not possible in one step; "
            f"upgrade to {LAST_AIRFLOW_2}.x first"
        )
        raise ValidationError(msg)


def check_strategy(strategy: str, latest: str | None) -> None:
    """Refuse a graceful replacement of workers before there was a forced one.

    https://docs.aws.amazon.com/mwaa/latest/userguide/update-environment.html

    Args:
        strategy: What the update asks for.
        latest: The strategy of the latest update; None if there was none.

    Raises:
        ValidationError: It asks for `GRACEFUL` first.
    """
    if strategy == "GRACEFUL" and latest is None:
        msg = (
            "WorkerReplacementStrategy GRACEFUL needs an earlier update with WorkerReplacementStrategy FORCED"
        )
        raise ValidationError(msg)


def check_tags(keys: Iterable[str]) -> None:
    """Refuse tag keys that AWS keeps for itself.

    Raises:
        ValidationError: A key begins with `aws:`.
    """
    reserved = [key for key in keys if key.lower().startswith("aws:")]
    if reserved:
        msg = f"Tag keys must not start with aws:, which is reserved: {', '.join(reserved)}"
        raise ValidationError(msg)


def _unmodelled(members: Members) -> Iterator[str]:
    for name in UNMODELLED:
        if members.get(name):
            yield f"{name} is not modelled by the emulator"


def _version(members: Members) -> Iterator[str]:
    version, known = members["AirflowVersion"], airflow_versions()
    if version in known:
        return
    if version in unsupported_on_mwaa():
        yield f"Airflow {version} exists on MWAA but not in the emulator; it runs {', '.join(known)}"
    else:
        yield f"Invalid Airflow version {version}; supported versions are {', '.join(known)}"


def _class(members: Members) -> Iterator[str]:
    name = members["EnvironmentClass"]
    known = environment_classes().get(name)
    if known is None:
        yield f"Invalid environment class {name}; valid classes are {', '.join(environment_classes())}"
        return
    for member, bounds in (
        ("MinWorkers", known.workers),
        ("MaxWorkers", known.workers),
        ("Schedulers", known.schedulers),
        ("MinWebservers", known.webservers),
        ("MaxWebservers", known.webservers),
    ):
        if members[member] not in bounds:
            allowed = f"between {bounds.least} and {bounds.most} for {name}"
            yield f"{member} must be {allowed}, not {members[member]}"
    for noun in ("Workers", "Webservers"):
        if members[f"Min{noun}"] > members[f"Max{noun}"]:
            yield f"Min{noun} must not be greater than Max{noun}"


def _access_mode(members: Members) -> Iterator[str]:
    mode = access_modes()[members["WebserverAccessMode"]]
    if not mode.exists_in(members["AirflowVersion"]):
        yield f"WebserverAccessMode {mode.name} requires Airflow {mode.since} or later"


def _options(members: Members) -> Iterator[str]:
    for option in members["AirflowConfigurationOptions"]:
        if "." not in option:
            yield f"Airflow configuration option {option} must have the form section.option"
        if option_rule(option, members["AirflowVersion"]) == "blocked":
            yield f"Airflow configuration option {option} is not allowed"


def _artifacts(members: Members) -> Iterator[str]:
    for artifact in ("Plugins", "Requirements", "StartupScript"):
        path, version = members.get(f"{artifact}S3Path"), members.get(f"{artifact}S3ObjectVersion")
        if path and not version:
            yield f"{artifact}S3ObjectVersion is required when {artifact}S3Path is specified"
        if version and not path:
            yield f"{artifact}S3Path is required when {artifact}S3ObjectVersion is specified"


def _dags_path(members: Members) -> Iterator[str]:
    path = members["DagS3Path"]
    if not path or path.startswith("/") or "://" in path:
        yield f"DagS3Path must be relative to the bucket, such as dags, not '{path}'"


def _subnets(members: Members) -> Iterator[str]:
    subnets = members["NetworkConfiguration"].get("SubnetIds", [])
    if len(set(subnets)) != 2:  # noqa: PLR2004 - MWAA's own number
        yield "NetworkConfiguration.SubnetIds must name exactly two subnets"
    if not members["NetworkConfiguration"].get("SecurityGroupIds"):
        yield "NetworkConfiguration.SecurityGroupIds must name one to five security groups"
