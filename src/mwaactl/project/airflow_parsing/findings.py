"""All that is found out by parsing, as findings."""

from collections.abc import Iterator, Mapping

from mwaactl.config.environment import EnvironmentConfig
from mwaactl.project.airflow_parsing.access_findings import access_findings
from mwaactl.project.airflow_parsing.contract_findings import contract_findings
from mwaactl.project.airflow_parsing.dag_findings import duplicate_findings, missing_dag_findings
from mwaactl.project.airflow_parsing.import_findings import import_findings
from mwaactl.project.airflow_parsing.parse import Parsing
from mwaactl.project.airflow_parsing.runtime import LACKING
from mwaactl.project.airflow_parsing.slow_findings import slow_findings
from mwaactl.project.airflow_parsing.sources import Sources
from mwaactl.project.airflow_parsing.task_findings import task_findings
from mwaactl.project.airflow_parsing.traces import last_place, sentence_of
from mwaactl.project.bundle import REQUIREMENTS, Bundle
from mwaactl.project.checks.finding import Finding
from typed_assets.spec.assets import Asset


def parsing_findings(
    parsing: Parsing,
    bundle: Bundle,
    environment: EnvironmentConfig,
    running: Mapping[str, Asset] | None = None,
) -> Iterator[Finding]:
    """Says what is wrong with the DAG files.

    Args:
        parsing: What Airflow made of them.
        bundle: What is to be shipped.
        environment: Where to.
        running: The assets that the environment's Airflow holds; None where nobody has asked.

    Raises:
        ProjectError: A file changed or vanished.
    """
    if parsing.start_failure is not None:
        yield _no_start(parsing.start_failure)
        return
    if parsing.lacks is not None:
        message = f"could not be installed, so the DAG files were parsed without it: {parsing.lacks}"
        yield Finding(LACKING, "warning", REQUIREMENTS, None, message)
    sources = Sources(bundle)
    yield from import_findings(parsing, sources)
    yield from access_findings(parsing)
    yield from duplicate_findings(parsing, sources)
    yield from missing_dag_findings(parsing, sources)
    yield from task_findings(parsing, environment, sources)
    yield from slow_findings(parsing, environment, sources)
    yield from contract_findings(parsing, sources, running)


def _no_start(text: str) -> Finding:
    place = last_place(text)
    message = f"keeps every process of Airflow from starting: {sentence_of(text)}"
    path = place.path if place else "mwaactl.toml"
    return Finding("airflow-start", "error", path, place.line if place else None, message)
