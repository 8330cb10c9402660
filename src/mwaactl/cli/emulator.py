"""`mwaactl emulator`: the local AWS, started, stopped and looked at."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import json_option

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.emulator.control import EmulatorStatus
    from mwaactl.emulator.settings import EmulatorSettings

DEFAULT_PORT = 4577
SYNC_INTERVAL = 1.0


@click.group()
def emulator() -> None:
    """Run AWS on this machine: S3, CloudFormation, MWAA with a real Airflow, Redshift, Lambda."""


@emulator.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1. [default: that of endpoint_url]"
)
@click.option(
    "--sync-interval",
    type=click.FloatRange(min=0.1),
    default=SYNC_INTERVAL,
    show_default=True,
    help="Seconds between two looks at the bucket's DAGs; MWAA takes 30.",
)
@click.option(
    "--retry-pause",
    type=click.FloatRange(min=0.1),
    default=1.0,
    show_default=True,
    help="Seconds before an asynchronous Lambda invocation is tried again; AWS takes 60.",
)
@click.option(
    "--own-role",
    metavar="NAME",
    help="Judge your own calls by this role's policies, as soon as it has one. "
    "[default: they may do everything]",
)
@click.option("--fresh", is_flag=True, help="Forget what the emulator held before.")
@json_option
@pass_invocation
def up(
    invocation: Invocation,
    port: int | None,
    sync_interval: float,
    retry_pause: float,
    own_role: str | None,
    *,
    fresh: bool,
) -> None:
    """Start the emulator and wait until it answers; what it held before is there again."""
    from mwaactl.emulator import control

    settings = _settings(invocation, port=port, sync_interval=sync_interval)
    settings = replace(settings, own_role=own_role, retry_pause=retry_pause)
    _show(invocation, control.up(settings, invocation.console.status, fresh=fresh))


@emulator.command()
@click.option("--no-save", is_flag=True, help="Stop even if what it holds can't be kept.")
@json_option
@pass_invocation
def down(invocation: Invocation, *, no_save: bool) -> None:
    """Keep what the emulator holds, and stop it with everything that it started."""
    from mwaactl.emulator import control

    stopped = control.down(_settings(invocation), invocation.console.status, save=not no_save)
    _tell(
        invocation, {"stopped": stopped}, "the emulator is stopped" if stopped else "no emulator was running"
    )


@emulator.command()
@json_option
@pass_invocation
def reset(invocation: Invocation) -> None:
    """Stop the emulator if it is up, and forget all that it holds: resources, data, Airflow's history."""
    from mwaactl.emulator import control

    found = control.reset(_settings(invocation), invocation.console.status)
    _tell(invocation, {"forgotten": found}, "all is forgotten" if found else "there was nothing to forget")


@emulator.command()
@json_option
@pass_invocation
def status(invocation: Invocation) -> None:
    """Show the emulator, its environments and their processes; exit code 1 unless it runs and answers."""
    from mwaactl.emulator import control

    found = control.status(_settings(invocation))
    _show(invocation, found)
    if not found.ready:
        raise click.exceptions.Exit(1)


@emulator.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1. [default: that of endpoint_url]"
)
@pass_invocation
def env(invocation: Invocation, port: int | None) -> None:
    """Print the shell variables for the AWS CLI, the CDK and boto3.

    Use it as: eval "$(mwaactl emulator env)"
    """
    from mwaactl.emulator import control
    from mwaactl.emulator.mwaa.frontdoor.certificates import write_trust_bundle

    settings = _settings(invocation, port=port)
    if port is None:
        settings = replace(
            settings, port=urlsplit(control.status(settings).endpoint_url).port or settings.port
        )
    write_trust_bundle(settings.state_dir, invocation.composition.environ)
    path = invocation.composition.environ.get("PATH")
    name = _emulated_environment(invocation)
    actions = control.shell_environment(settings, environment=name or "local", path=path)
    invocation.console.verbatim(control.render_exports(actions).rstrip())


@emulator.command()
@click.option(
    "-n", "--lines", type=click.IntRange(min=1), default=40, show_default=True, help="Lines per log."
)
@click.option("--list", "only_list", is_flag=True, help="List the log files only.")
@pass_invocation
def logs(invocation: Invocation, lines: int, *, only_list: bool) -> None:
    """Print the ends of the logs of the emulator and of what it started."""
    from mwaactl.emulator import control

    for path in control.log_files(_settings(invocation)):
        invocation.console.document(str(path) if only_list else f"==> {path} <==\n{_tail(path, lines)}\n")


@emulator.command()
@pass_invocation
def prefetch(invocation: Invocation) -> None:
    """Build Airflow's and Lambda's Python environments ahead, for work without a network."""
    from mwaactl.emulator.prefetch import prefetch as build
    from mwaactl.project.bundle import read_bundle

    settings = _settings(invocation)
    requirements = read_bundle(settings.project_root).requirements
    content = requirements.content if requirements else None
    build(settings, settings.airflow_versions, content, invocation.console.status)


@emulator.command()
@json_option
@pass_invocation
def parity(invocation: Invocation) -> None:
    """Print the statement of parity: what equals AWS, what differs, and what is refused."""
    from mwaactl.emulator.parity.statement import statement
    from mwaactl.report.parity import parity_data, parity_text

    if invocation.as_json:
        invocation.console.json(parity_data(statement()))
    else:
        invocation.console.document(parity_text(statement()))


@emulator.group()
def iam() -> None:
    """See what the emulator's IAM decided."""


@iam.command()
@json_option
@pass_invocation
def report(invocation: Invocation) -> None:
    """Show what roles were denied, and what they are allowed and never used, since the emulator started."""
    from mwaactl.emulator import control
    from mwaactl.emulator.authorization.usage_page import usage_data
    from mwaactl.report.iam_usage import usage_text

    usages = control.usages(_settings(invocation))
    if invocation.as_json:
        invocation.console.json(usage_data(usages))
    else:
        invocation.console.data(usage_text(usages))


@iam.command()
@json_option
@pass_invocation
def trace(invocation: Invocation) -> None:
    """List every access that roles and users asked for since the emulator started, each once."""
    from mwaactl.emulator import control
    from mwaactl.emulator.authorization.traced_access import trace_data
    from mwaactl.report.iam_trace import trace_text

    accesses = control.trace(_settings(invocation))
    if invocation.as_json:
        invocation.console.json(trace_data(accesses))
    else:
        invocation.console.data(trace_text(accesses))


def _settings(
    invocation: Invocation, *, port: int | None = None, sync_interval: float = SYNC_INTERVAL
) -> EmulatorSettings:
    from mwaactl.emulator.settings import BootstrapTarget, EmulatorSettings

    config = invocation.composition.config(invocation.config)
    emulated = [each for each in config.environments.values() if each.endpoint_url]
    configured = urlsplit(emulated[0].endpoint_url or "").port if emulated else None
    settings = EmulatorSettings.for_project(
        config.root, port=port or configured or DEFAULT_PORT, sync_interval=sync_interval
    )
    targets = (BootstrapTarget(each.account, each.region) for each in emulated)
    versions = (each.airflow_version for each in emulated)
    return settings.with_bootstrap(*targets).with_airflow(*versions)


def _emulated_environment(invocation: Invocation) -> str | None:
    environments = invocation.composition.config(invocation.config).environments.values()
    return next((each.environment for each in environments if each.endpoint_url), None)


def _show(invocation: Invocation, status: EmulatorStatus) -> None:
    from mwaactl.report.emulator import emulator_data, emulator_text

    if invocation.as_json:
        invocation.console.json(emulator_data(status))
    else:
        invocation.console.data(emulator_text(status))


def _tell(invocation: Invocation, data: dict[str, bool], text: str) -> None:
    if invocation.as_json:
        invocation.console.json(data)
    else:
        invocation.console.status(text)


def _tail(path: Path, lines: int) -> str:
    with path.open(errors="replace") as file:
        return "".join(deque(file, maxlen=lines)).rstrip()
