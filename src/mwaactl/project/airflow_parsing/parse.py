"""Parses the DAG files of a bundle as the environment would, and keeps what was found."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaactl.catalog.operators import restricted_operators
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.driver_failure import CODE, with_files
from mwaactl.project.airflow_parsing.driver_process import RunDriver
from mwaactl.project.airflow_parsing.facts import FileFacts, file_facts
from mwaactl.project.airflow_parsing.kept_facts import KeptFacts
from mwaactl.project.airflow_parsing.runtime import runtime_digest, runtime_of
from mwaactl.project.airflow_parsing.staging import Job, Stage, staged
from mwaactl.project.airflow_parsing.traces import without_credentials
from mwaactl.project.airflow_parsing.variables import (
    Exports,
    content_variables,
    exports_of,
    handed_on,
    place_variables,
)
from mwaactl.project.bundle import PLUGINS, Bundle, read_dag_file
from mwaactl.project.requirements.clean_environment import CleanEnvironments

type Show = Callable[[str], None]
# Airflow gives up at 30 s, and MWAA parses every file every 30 s.
BUDGET = 5.0
_MEMORY = 2_000_000_000
_KINDS = {"parsed", "sampled"}
# With this option a function of the user's says which files may hold DAGs.
_LOOKS_INTO_FILES = "core.might_contain_dag_callable"


@dataclass(frozen=True, slots=True)
class Parser:
    """What parses.

    Attributes:
        environments: Builds the Python with the Airflow version's packages.
        run: Runs the driver.
        environ: The process environment, of which only Airflow variables and connections are handed on.
        stage: Takes a line about each step that may last.
        tick: Takes a line about how far a step is, many times a second.
        budget: Seconds that one file may take.
        workers: How many files are parsed at once.
        keep: Whether results of earlier runs count.
    """

    environments: CleanEnvironments
    run: RunDriver
    environ: Mapping[str, str]
    stage: Show = lambda _: None
    tick: Show = lambda _: None
    budget: float = BUDGET
    workers: int = field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)))
    keep: bool = True


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
    run = _Run(kept, digests, parser, environment.airflow_version, known=frozenset(known) - {PLUGINS})
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


@dataclass(slots=True)
class _Run:
    """One run of the driver, whose lines go into what is kept."""

    kept: KeptFacts
    digests: Mapping[str, str]
    parser: Parser
    version: str
    failure: str | None = None
    known: frozenset[str] = frozenset()
    wanted: int = 0
    done: bool = False
    fresh: int = 0
    underway: dict[str, None] = field(default_factory=dict)

    def __call__(self, bundle: Bundle, variables: Mapping[str, str]) -> str | None:
        environments = self.parser.environments
        self.parser.stage(f"preparing the packages of Airflow {self.version}")
        runtime = runtime_of(bundle, environments)
        below = sorted(file.removeprefix("dags/") for file in self.known)
        operators = [each.name for each in restricted_operators()]
        job = Job(below, self.parser.workers, self.parser.budget, _MEMORY, operators)
        self.parser.stage(f"starting Airflow {self.version}")
        with staged(bundle, job) as stage:
            environ = {**variables, **place_variables(stage.home, runtime.python)}
            argv = [str(runtime.python), "-s", str(stage.driver), str(stage.job)]
            try:
                self.parser.run(
                    argv, cwd=stage.home, environ=environ, take=lambda line: self._take(line, stage)
                )
            except ProjectError as error:
                raise with_files(error, tuple(self.underway)) from error
        if not self.done and self.failure is None:
            message = "the DAG files could not be parsed: Airflow ended before the last one"
            raise ProjectError(message, code=CODE)
        return runtime.lacks

    def _take(self, line: bytes, stage: Stage) -> None:
        message: dict[str, Any] = json.loads(stage.relative(line))
        match message.pop("kind"):
            case "listed":
                self.kept.files = [f"dags/{file}" for file in message["files"]]
                self.wanted = len(set(self.kept.files) - self.known)
                self.parser.stage(f"parsing {self.wanted} of {len(self.kept.files)} DAG files")
            case "begun":
                self.underway[_key(message["file"])] = None
            case "failed":
                self.failure = message["text"]
            case "done":
                self.done = True
            case kind if kind in _KINDS:
                self._take_file(kind, message)

    def _take_file(self, kind: str, message: dict[str, Any]) -> None:
        file = _key(message.pop("file"))
        self.underway.pop(file, None)
        if kind == "sampled":
            self.kept.found[file]["sampled"] = message
            return
        for trouble in message.get("errors", ()):
            trouble["text"] = without_credentials(trouble["text"])
        self.kept.put(file, message, self.digests)
        self.fresh += file != PLUGINS
        self.parser.tick(f"parsed {self.fresh} of {self.wanted} DAG files")


def _key(name: str) -> str:
    """Return what the driver calls a file as a path below the project's root."""
    return name if name == PLUGINS else f"dags/{name}"


def _facts(kept: KeptFacts) -> tuple[FileFacts, ...]:
    return tuple(file_facts(file, kept.found[file]) for file in (PLUGINS, *kept.files) if file in kept.found)


def _to_be_sampled(found: Mapping[str, Any], parser: Parser) -> bool:
    return found.get("seconds", 0.0) > parser.budget and not found.get("errors") and "sampled" not in found


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
