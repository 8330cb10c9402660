"""Parses the DAG files of a bundle as the environment would, and keeps what was found."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaactl.catalog.operators import restricted_operators
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.project.airflow_parsing.facts import FileFacts, file_facts
from mwaactl.project.airflow_parsing.kept_facts import KeptFacts
from mwaactl.project.airflow_parsing.parser import BUDGET, Parser
from mwaactl.project.airflow_parsing.parsing_run import ParsingRun
from mwaactl.project.airflow_parsing.runtime import runtime_digest
from mwaactl.project.airflow_parsing.variables import (
    Exports,
    content_variables,
    exports_of,
    handed_on,
)
from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file

# With this option a function of the user's says which files may hold DAGs.
_LOOKS_INTO_FILES = "core.might_contain_dag_callable"


@dataclass(frozen=True, slots=True)
class Parsing:
    """What came of it.

    Attributes:
        files: Facts of each file that Airflow parses, and of the plugins under the name `plugins`.
        fresh: How many of them were not known from an earlier run.
        exports: What startup.sh exports.
        start_failure: Why Airflow does not even start, as a traceback; None where it does.
        lacks: Why the runtime lacks the project's requirements; None where it has them.
        budget: Seconds that one file may take.
    """

    files: tuple[FileFacts, ...]
    fresh: int
    exports: Exports
    start_failure: str | None = None
    lacks: str | None = None
    budget: float = BUDGET


def parse_dags(bundle: Bundle, environment: EnvironmentConfig, parser: Parser) -> Parsing:
    """Parses every DAG file that is new or has changed, or reads something that has.

    Args:
        bundle: What would be shipped; only that is seen.
        environment: Whose Airflow version and options hold.
        parser: The means.

    Raises:
        ProjectError: The runtime cannot be built, or parsing as a whole failed.
    """
    exports = exports_of(bundle.startup.content if bundle.startup else b"")
    if not bundle.dags and not bundle.plugin_files:
        return Parsing((), 0, exports, budget=parser.budget)
    variables = content_variables(environment, exports, handed_on(parser.environ))
    digests = _digests(bundle)
    listing = _listing(bundle, by_content=_LOOKS_INTO_FILES in environment.airflow_config_options)
    kept = KeptFacts.at(parser.environments.folder / "parsed", _content(bundle, variables, parser))
    if not parser.keep:
        kept = KeptFacts(kept.path)
    known = [
        file
        for file in kept.found
        if kept.valid(file, digests) and not _to_be_sampled(kept.found[file], parser)
    ]
    if listing == kept.listing and {PLUGINS, *kept.files} <= set(known):
        return Parsing(_facts(kept), 0, exports, budget=parser.budget)
    run = ParsingRun(kept, digests, parser, environment.airflow_version, known=frozenset(known) - {PLUGINS})
    lacks = run(bundle, variables)
    if run.failure is None:
        kept.listing = listing
        if lacks is None:
            _keep(kept, parser)
    return Parsing(_facts(kept), run.fresh, exports, run.failure, lacks, parser.budget)


def _keep(kept: KeptFacts, parser: Parser) -> None:
    """What was found is told, whether or not it can be kept for another time."""
    try:
        kept.write()
    except OSError as error:
        parser.stage(f"what was found is not kept for the next time: {error.strerror or error}")


def _facts(kept: KeptFacts) -> tuple[FileFacts, ...]:
    return tuple(file_facts(file, kept.found[file]) for file in (PLUGINS, *kept.files) if file in kept.found)


def _to_be_sampled(found: Mapping[str, Any], parser: Parser) -> bool:
    looked_at = "costs" in found.get("sampled", {})
    return found.get("seconds", 0.0) > parser.budget and not found.get("errors") and not looked_at


def _digests(bundle: Bundle) -> Mapping[str, str]:
    """The files on which a result may depend; the plugins are part of every result's content."""
    return {dag.key: dag.sha256 for dag in bundle.dags}


def _content(bundle: Bundle, variables: Mapping[str, str], parser: Parser) -> list[str]:
    names = sorted(
        [dag.key for dag in bundle.dags] + [f"{PLUGINS}/{file.name}" for file in bundle.plugin_files]
    )
    return [
        runtime_digest(bundle, parser.environments),
        json.dumps(variables, sort_keys=True),
        json.dumps([each.name for each in restricted_operators()]),
        bundle.plugins.sha256 if bundle.plugins else "",
        json.dumps(names),
    ]


def _listing(bundle: Bundle, *, by_content: bool) -> str:
    """What decides which files Airflow parses: the words it looks for, and what tells it to ignore some."""
    found = []
    for dag in bundle.dags:
        if by_content:
            found.append(f"{dag.key} {dag.sha256}")
        elif dag.key.endswith(".py"):
            content = read_dag_file(dag).lower()
            found.append(f"{dag.key} {b'dag' in content and b'airflow' in content}")
        elif Path(dag.key).name == ".airflowignore" or dag.key.endswith(".zip"):
            found.append(f"{dag.key} {dag.sha256}")
    return json.dumps(found)
