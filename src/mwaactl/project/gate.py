"""The gate: everything that is checked before a project is shipped, in parts that can be left out.

`mwaactl check`, and what deploys, call `check_project`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.airflow_parsing.exceptions_explained import RULE as IMPORT_ERROR
from mwaactl.project.airflow_parsing.parse import parse_dags
from mwaactl.project.airflow_parsing.runtime import LACKING
from mwaactl.project.checks.pipelines.import_effects import RULE as IMPORT_EFFECT
from mwaactl.project.checks.pipelines.later_feature import RULE as LATER_FEATURE
from mwaactl.project.checks.run import check_bundle
from mwaactl.project.checks.yaml_pipelines import RULE as YAML_PIPELINE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.project.airflow_parsing.parse import Parsing
    from mwaactl.project.airflow_parsing.parser import Parser
    from mwaactl.project.bundle import Bundle
    from mwaactl.project.checks.airflow_migration import AirflowMigration
    from mwaactl.project.checks.finding import Finding
    from mwaactl.project.infrastructure.check import InfrastructureGate
    from mwaactl.project.infrastructure.result import InfrastructureChecked
    from mwaactl.project.requirements.check import Trial
    from typed_assets.spec.assets import Asset

type Part = Literal["static", "advice", "requirements", "dags", "infrastructure"]

ALL_PARTS: tuple[Part, ...] = ("static", "advice", "requirements", "dags", "infrastructure")
STATIC_PARTS: tuple[Part, ...] = ("static", "advice")
# Rules that know why an import fails, which Airflow finds too: their words become its hint.
_ADVISING = ("AIR3", LATER_FEATURE)
# Rules that saw what a file reaches for as it was imported; another one only reads that it would.
_REACHING = frozenset({"dag-network", "dag-variable", "dag-connection", "dag-database"})
# What `typed_assets.loading` raises in Airflow for the same mistakes that a rule has found already.
_PIPELINE_MISTAKES = "PipelineMistakesError"


@dataclass(frozen=True, slots=True)
class Gate:
    """What the parts need.

    Attributes:
        parser: Parses DAG files in the Airflow version's own Python; its environments also try requirements.
        migration: ruff's rules about Airflow.
        bash: Path or name of bash, which parses startup.sh.
        infrastructure: Synthesises the CDK app and has scanners look at it; None where nobody asks for that.
        running: The assets that the environment's Airflow holds, by name: contracts are compared with theirs;
            None where nobody has asked, then with those of `contracts.lock.json`.
    """

    parser: Parser
    migration: AirflowMigration
    bash: str = "bash"
    infrastructure: InfrastructureGate | None = None
    running: Mapping[str, Asset] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found.

    Attributes:
        findings: By path, line and rule; an `error` keeps the project from being shipped.
        parsing: What Airflow made of the DAG files; None where that part was left out.
        trial: What became of the requirements; None where that part was left out.
        infrastructure: What became of the CDK app; None where there is none, or that part was left out.
    """

    findings: tuple[Finding, ...]
    parsing: Parsing | None = None
    trial: Trial | None = None
    infrastructure: InfrastructureChecked | None = None

    @property
    def failed(self) -> bool:
        """Whether the project must not be shipped."""
        return any(finding.severity == "error" for finding in self.findings)


def check_project(
    bundle: Bundle, environment: EnvironmentConfig, gate: Gate, parts: Collection[Part] = ALL_PARTS
) -> Checked:
    """Checks a bundle for an environment; asks no AWS.

    Args:
        bundle: What is to be shipped.
        environment: Where to; its Airflow version and configuration options decide.
        gate: The means.
        parts: `static`: rules that need neither Airflow nor the package registry. `advice`: those of them
            that only ever warn of how pipelines are written. `requirements`: MWAA's pip
            command, tried out. `dags`: the DAG files, parsed by the environment's Airflow.
            `infrastructure`: the CDK app, synthesised, and its templates as scanners see them. What was found
            for the same content earlier is not found out again.

    Raises:
        ProjectError: A file changed or vanished, a tool is missing, or the registry could not be asked.
    """
    found: list[Finding] = []
    trial = parsing = infrastructure = None
    if "static" in parts:
        found += _static(bundle, environment, gate, advice="advice" in parts)
    # Each of these parts takes longer to import than the static rules to apply.
    if "requirements" in parts:
        from mwaactl.project.requirements.check import check_requirements
        from mwaactl.project.requirements.kept_trials import KeptTrials

        if bundle.requirements and KeptTrials.of(bundle, gate.parser.environments).read() is None:
            gate.parser.stage("trying requirements.txt out")
        trial = check_requirements(bundle, gate.parser.environments)
        found += trial.findings
    if "dags" in parts:
        from mwaactl.project.airflow_parsing.findings import parsing_findings

        parsing = parse_dags(bundle, environment, gate.parser)
        found += parsing_findings(parsing, bundle, environment, gate.running)
    if "infrastructure" in parts and gate.infrastructure is not None and gate.infrastructure.applies:
        from mwaactl.project.infrastructure.check import check_infrastructure

        infrastructure = check_infrastructure(gate.infrastructure)
        found += infrastructure.findings
    distinct = dict.fromkeys(_without_repetition(found))
    in_order = sorted(distinct, key=lambda each: (each.path, each.line or 0, each.rule))
    return Checked(tuple(in_order), parsing, trial, infrastructure)


def _static(bundle: Bundle, environment: EnvironmentConfig, gate: Gate, *, advice: bool) -> list[Finding]:
    """Applies our own rules while ruff works, which is a process of its own."""
    version = airflow_version(environment.airflow_version)
    with ThreadPoolExecutor(1, thread_name_prefix="ruff") as pool:
        moved = pool.submit(lambda: list(gate.migration(bundle, version)))
        found = check_bundle(bundle, environment.airflow_version, bash=gate.bash, advice=advice)
        return [*found, *moved.result()]


def _without_repetition(found: Sequence[Finding]) -> Iterator[Finding]:
    """Leaves out what two parts found in different words: the more telling words stay."""
    unreadable = {each.path for each in found if each.rule == "python-syntax"}
    failing = {(each.path, each.line) for each in found if each.rule == IMPORT_ERROR}
    reading = {(each.path, each.line) for each in found if each.rule == "dag-variable"}
    reaching = {(each.path, each.line) for each in found if each.rule in _REACHING}
    advice = {(each.path, each.line): each for each in found if each.rule.startswith(_ADVISING)}
    told = any(each.rule == YAML_PIPELINE for each in found)
    refused = any(each.severity == "error" and each.rule.startswith("requirements-") for each in found)
    for each in found:
        if (each.rule == LACKING and refused) or (told and _PIPELINE_MISTAKES in each.message):
            continue
        place = (each.path, each.line)
        if each.rule == IMPORT_ERROR:
            if each.path not in unreadable or "SyntaxError" not in each.message:
                yield _advised(each, advice.get(place))
        elif not (
            (each.rule.startswith(_ADVISING) and place in failing)
            or (each.rule == "AIR003" and place in reading)
            or (each.rule == IMPORT_EFFECT and place in reaching)
        ):
            yield each


def _advised(finding: Finding, advice: Finding | None) -> Finding:
    if advice is None:
        return finding
    hint = f"{advice.message}; {advice.hint}" if advice.hint else advice.message
    return replace(finding, hint=f"{hint} ({advice.rule})")
