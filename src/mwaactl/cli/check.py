"""`mwaactl check`: what keeps the project from being shipped, before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option, known_options

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from mwaactl.cli.options import Known
    from mwaactl.project.gate import Checked

type Format = Literal["text", "json", "github", "sarif"]


@click.command()
@environment_option
@json_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="How the findings are written: `github` is annotations of a workflow. [default: text]",
)
@click.option(
    "--sarif", type=click.Path(path_type=Path, dir_okay=False), help="Also write SARIF to this file."
)
@click.option(
    "--static", is_flag=True, help="Only what needs neither Airflow nor a package registry nor the CDK."
)
@click.option(
    "--deployed",
    is_flag=True,
    help="Compare contracts with those that the environment's Airflow holds; this asks AWS. "
    "[default: with contracts.lock.json]",
)
@known_options
@pass_invocation
def check(
    invocation: Invocation,
    environment: str | None,
    form: Format,
    sarif: Path | None,
    known: Known,
    *,
    static: bool,
    deployed: bool,
) -> None:
    """Check everything that would be shipped, DAGs by Airflow's own parser; exit code 1 on errors.

    Airflow runs in a Python of its own, which is built at the first time. No AWS is needed, unless contracts
    are compared with those deployed. Where there is a CDK app, it is synthesised, and scanners look at its
    templates. What was found for the same content is not found out again.
    """
    from dataclasses import replace
    from time import time_ns

    from mwaactl.cli.asset_contracts import told_assets
    from mwaactl.cli.steps import shown_steps
    from mwaactl.project.bundle import read_bundle
    from mwaactl.project.gate import ALL_PARTS, STATIC_PARTS, check_project
    from mwaactl.project.known_files import KnownFiles
    from mwaactl.project.requirements.storage import writing
    from mwaactl.project.second_reader import SecondReader
    from mwaactl.report.findings import checked_data
    from mwaactl.report.skipped import skipped_text

    if deployed and static:
        message = "--deployed compares what Airflow parses, which --static leaves out"
        raise click.UsageError(message)
    invocation.as_json |= form == "json"
    config, chosen = invocation.composition.environment(invocation.config, environment)
    told = told_assets(invocation, environment).assets if deployed else None
    files = KnownFiles.of(config.root, time_ns()) if known.keep else None
    with SecondReader() as reader:
        bundle = read_bundle(config.root, reader, files)
    if files is not None:
        files.keep(bundle.dags)
    with shown_steps(invocation.console) as steps:
        gate = invocation.composition.gate(
            config.root, chosen.airflow_version, steps, budget=known.budget, keep=known.keep
        )
        looks = invocation.composition.infrastructure(config.root, chosen, steps, keep=known.keep)
        whole = replace(gate, infrastructure=looks, running=told)
        checked = check_project(bundle, chosen, whole, STATIC_PARTS if static else ALL_PARTS)
    if left_out := skipped_text(bundle.skipped):
        invocation.console.status(left_out)
    below = _below(config.root, invocation)
    if sarif is not None:
        with writing(str(sarif)):
            sarif.write_text(_sarif(checked, below, invocation), encoding="utf-8")
    if invocation.as_json:
        invocation.console.json(checked_data(checked, bundle.skipped))
    else:
        _show(invocation, checked, form, below)
    if checked.failed:
        raise click.exceptions.Exit(1)


def _show(invocation: Invocation, checked: Checked, form: Format, below: PurePosixPath) -> None:
    from mwaactl.report.annotations import findings_annotations
    from mwaactl.report.findings import checked_text

    match form:
        case "sarif":
            invocation.console.verbatim(_sarif(checked, below, invocation))
        case "github":
            invocation.console.status(checked_text(checked))
            if checked.findings:
                invocation.console.data(findings_annotations(checked.findings, below))
        case _:
            invocation.console.data(checked_text(checked))


def _sarif(checked: Checked, below: PurePosixPath, invocation: Invocation) -> str:
    import json
    from importlib.metadata import version

    from mwaactl.report.sarif import findings_sarif

    findings = findings_sarif(checked.findings, below, version("mwaactl"))
    return json.dumps(invocation.console.redactor.data(findings), indent=2)


def _below(root: Path, invocation: Invocation) -> PurePosixPath:
    """The project's root as a path below the repository's, where GitHub says which that is."""
    from pathlib import PurePosixPath

    repository = invocation.composition.environ.get("GITHUB_WORKSPACE")
    if repository and root.resolve().is_relative_to(Path(repository).resolve()):
        return PurePosixPath(root.resolve().relative_to(Path(repository).resolve()).as_posix())
    return PurePosixPath()
