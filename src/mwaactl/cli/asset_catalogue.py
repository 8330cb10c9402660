"""`mwaactl asset catalogue`: the page with assets as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option
from mwaactl.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("assets.html"),
    show_default=True,
    help="The file to write.",
)
@click.option(
    "--publications",
    type=click.IntRange(1, 50_000),
    default=5000,
    show_default=True,
    help="How many publications to read, the newest of all assets.",
)
@environment_option
@json_option
@pass_invocation
def catalogue(invocation: Invocation, environment: str | None, *, out: Path, publications: int) -> None:
    """Write the assets of the deployed DAGs to one HTML file, for people without access to Airflow.

    It shows what the page in Airflow shows, as of now, and asks nobody when it is opened.
    """
    from mwaactl.cli.environments import dag_runs_of
    from mwaactl.operations.catalogue_answers import catalogue_answers
    from mwaactl.report.page_document import page_document

    runs = dag_runs_of(invocation, environment)
    name = invocation.composition.environment(invocation.config, environment)[1].environment
    data = catalogue_answers(runs.api, name, publications, runs.now())
    _write(out, page_document(dict(page_files()), data))
    counts = {"assets": len(data["assets"]), "publications": len(data["asset_events"])}
    if invocation.as_json:
        invocation.console.json({"file": str(out), **counts})
    else:
        invocation.console.data(f"{out}: {counts['assets']} assets, {counts['publications']} publications")


def page_files() -> Iterator[tuple[str, str]]:
    """Yield the page's files by their paths, as they lie in the package `typed_assets`."""
    from importlib.resources import as_file, files

    with as_file(files("typed_assets").joinpath("page", "static")) as static:
        for path in sorted(static.rglob("*")):
            if path.is_file():
                yield path.relative_to(static).as_posix(), path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"the catalogue cannot be written to `{path}`: {error.strerror}"
        raise ProjectError(message, code="catalogue.unwritable") from error
