"""`mwaactl env`: the environment itself."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.group()
def env() -> None:
    """Look at an environment, and open its UI."""


@env.command()
@environment_option
@json_option
@pass_invocation
def show(invocation: Invocation, environment: str | None) -> None:
    """Show an environment: status, versions, web server, current release."""
    from mwaactl.cli.environments import find_environment
    from mwaactl.executor.release_history import current_release
    from mwaactl.report.environments import environment_data, environment_text

    _, gateways, present = find_environment(invocation, environment)
    release = current_release(gateways.bucket) if gateways.bucket.exists() else None
    if invocation.as_json:
        invocation.console.json(environment_data(present, release))
    else:
        invocation.console.data(environment_text(present, release))


@env.command("open")
@environment_option
@click.option(
    "--print", "print_only", is_flag=True, help="Print the address only; it is good for 60 seconds."
)
@json_option
@pass_invocation
def open_ui(invocation: Invocation, environment: str | None, *, print_only: bool) -> None:
    """Sign in to Airflow's UI with the caller's AWS identity."""
    import webbrowser

    from mwaactl.cli.environments import find_environment
    from mwaactl.operations.web_login import sign_in_url

    config, gateways, present = find_environment(invocation, environment)
    login = gateways.environments.web_login(present.name)
    url = sign_in_url(login.hostname, login.token, config.endpoint_url)
    if invocation.as_json:
        invocation.console.json({"url": url, "hostname": login.hostname})
    else:
        invocation.console.verbatim(url)
    if not print_only and not webbrowser.open(url):
        invocation.console.status("no browser was found: open the address within 60 seconds")
