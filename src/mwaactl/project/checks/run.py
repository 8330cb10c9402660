"""Runs the rules over a bundle."""

from functools import partial

from mwaactl.catalog.versions import airflow_version as version_facts
from mwaactl.project.bundle import Bundle
from mwaactl.project.checks.colliding_names import colliding_names
from mwaactl.project.checks.finding import Finding, Rule
from mwaactl.project.checks.ignore_files import ignore_files
from mwaactl.project.checks.nested_archives import nested_archives
from mwaactl.project.checks.pipelines.rules import pipeline_rules
from mwaactl.project.checks.requirements_rules import REQUIREMENTS_RULES
from mwaactl.project.checks.shadowed_modules import shadowed_modules
from mwaactl.project.checks.source_files import source_files
from mwaactl.project.checks.startup_ending import startup_ending
from mwaactl.project.checks.startup_errexit import startup_errexit
from mwaactl.project.checks.startup_folders import startup_folders
from mwaactl.project.checks.startup_nounset import startup_nounset
from mwaactl.project.checks.startup_protected import startup_protected
from mwaactl.project.checks.startup_secrets import startup_secrets
from mwaactl.project.checks.startup_size import startup_size
from mwaactl.project.checks.startup_syntax import StartupSyntax
from mwaactl.project.checks.yaml_pipelines import yaml_pipelines

LOCAL_RULES: tuple[Rule, ...] = (
    source_files,
    shadowed_modules,
    colliding_names,
    nested_archives,
    ignore_files,
    *REQUIREMENTS_RULES,
    startup_protected,
    startup_folders,
    startup_errexit,
    startup_nounset,
    startup_ending,
    startup_secrets,
    startup_size,
)


def check_bundle(
    bundle: Bundle, airflow_version: str, *, bash: str = "bash", advice: bool = True
) -> tuple[Finding, ...]:
    """Checks a bundle against one Airflow version.

    Args:
        bundle: What is to be shipped.
        airflow_version: A supported version, for example `3.3.1`.
        bash: Path or name of bash, which parses startup.sh.
        advice: Whether to look for what could be better in how pipelines are written, too.

    Returns:
        What was found, by path, line and rule; `error` findings keep the bundle from being shipped.

    Raises:
        ProjectError: A file changed or vanished, or a tool is missing.
    """
    version = version_facts(airflow_version)
    python, yaml = partial(pipeline_rules, advice=advice), partial(yaml_pipelines, advice=advice)
    rules: tuple[Rule, ...] = (*LOCAL_RULES, python, yaml, StartupSyntax(bash))
    found = [finding for rule in rules for finding in rule(bundle, version)]
    return tuple(sorted(found, key=lambda each: (each.path, each.line or 0, each.rule)))
