"""The rules about how pipelines are written, over all files of a bundle."""

from collections.abc import Callable, Collection, Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.appending_sql import appending_sql, appends_in_sql
from mwaactl.project.checks.pipelines.asset_conflicts import CONFLICT_CLUES, asset_conflicts
from mwaactl.project.checks.pipelines.asset_unchecked import asset_unchecked
from mwaactl.project.checks.pipelines.asset_watchers import WATCHERS_CLUES, asset_watchers
from mwaactl.project.checks.pipelines.copy_keys import COPY_CLUES, copy_keys, keys_in_sql
from mwaactl.project.checks.pipelines.import_effects import import_effects
from mwaactl.project.checks.pipelines.later_feature import later_clues, later_feature
from mwaactl.project.checks.pipelines.missing_provider import PROVIDER_CLUES, missing_provider
from mwaactl.project.checks.pipelines.not_serverless import not_serverless
from mwaactl.project.checks.pipelines.rows_in_xcom import rows_in_xcom
from mwaactl.project.checks.pipelines.sensor_waits import sensor_waits
from mwaactl.project.checks.pipelines.slow_imports import slow_imports
from mwaactl.project.checks.pipelines.source import PipelineSource, parse_pipeline
from mwaactl.project.checks.pipelines.task_limits import task_limits
from mwaactl.project.checks.pipelines.unseen_policies import unseen_policies
from mwaactl.project.clues import clues_in_source
from mwaactl.project.reading import read_content

type SourceRule = Callable[[PipelineSource, AirflowVersion], Iterator[Finding]]

# What keeps a project from being shipped, among other things.
REFUSING: tuple[SourceRule, ...] = (asset_watchers, copy_keys, later_feature)
# What only advises, for which a deployment does not wait.
ADVISING: tuple[SourceRule, ...] = (
    appending_sql,
    asset_unchecked,
    import_effects,
    not_serverless,
    rows_in_xcom,
    sensor_waits,
    task_limits,
    unseen_policies,
)
# Each file of which an advising rule has something to say holds one of these.
ADVISED_CLUES = frozenset({"airflow", "typed_assets", "boto3", "_policy", "_mutation_hook"})


def pipeline_rules(bundle: Bundle, version: AirflowVersion, *, advice: bool = True) -> Iterator[Finding]:
    """Looks at the Python and SQL files of dags/, and at plugins.

    Args:
        bundle: What is to be shipped.
        version: The environment's Airflow.
        advice: Whether to apply the rules that only ever warn, too.

    Raises:
        ProjectError: A file cannot be read, or has changed since the bundle was read.
    """
    requirements = bundle.requirements.content.decode(errors="replace") if bundle.requirements else ""
    rules = (*ADVISING, *REFUSING) if advice else REFUSING
    clues = refusing_clues(version) | (ADVISED_CLUES if advice else frozenset())
    dags = list(_dag_sources(bundle, clues))
    for source in (*dags, *_plugin_sources(bundle, clues)):
        for rule in rules:
            yield from rule(source, version)
        yield from missing_provider(source, version, requirements)
    yield from asset_conflicts(dags, version)
    if advice:
        yield from slow_imports(dags, version)
    yield from _of_sql_files(bundle, advice=advice)


def refusing_clues(version: AirflowVersion) -> frozenset[str]:
    """Returns clues of which each Python file holds one that may keep a project from being shipped."""
    return WATCHERS_CLUES | COPY_CLUES | PROVIDER_CLUES | CONFLICT_CLUES | later_clues(version)


def _dag_sources(bundle: Bundle, clues: Collection[str]) -> Iterator[PipelineSource]:
    for dag in bundle.dags:
        if dag.facts is not None and dag.facts.parsed and dag.may_hold(clues):
            source = parse_pipeline(dag.key, read_dag_file(dag))
            if source is not None:
                yield source


def _plugin_sources(bundle: Bundle, clues: frozenset[str]) -> Iterator[PipelineSource]:
    for file in bundle.plugin_files:
        if file.name.endswith(".py"):
            shown = f"{PLUGINS}/{file.name}"
            content = read_content(file.path, shown)
            worth = not clues.isdisjoint(clues_in_source(content))
            source = parse_pipeline(shown, content) if worth else None
            if source is not None:
                yield source


def _of_sql_files(bundle: Bundle, *, advice: bool) -> Iterator[Finding]:
    for dag in bundle.dags:
        if dag.key.endswith(".sql") and (advice or dag.may_hold(COPY_CLUES)):
            text = read_dag_file(dag).decode(errors="replace")
            yield from keys_in_sql(dag.key, text)
            if advice:
                yield from appends_in_sql(dag.key, text)
