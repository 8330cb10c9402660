"""One run of the driver: the job it gets, and what its lines say."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaactl.catalog.operators import restricted_operators
from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.driver_failure import CODE, with_files
from mwaactl.project.airflow_parsing.kept_facts import KeptFacts
from mwaactl.project.airflow_parsing.parser import Parser
from mwaactl.project.airflow_parsing.runtime import runtime_of
from mwaactl.project.airflow_parsing.staging import Job, Stage, staged
from mwaactl.project.airflow_parsing.traces import without_credentials
from mwaactl.project.airflow_parsing.variables import place_variables
from mwaactl.project.bundle import PLUGINS, Bundle

_MEMORY = 2_000_000_000
_KINDS = {"parsed", "sampled"}


@dataclass(slots=True)
class ParsingRun:
    """One run of the driver, whose lines go into what is kept.

    Attributes:
        kept: What is known of each file; grows line by line.
        digests: The files on which a result may depend, with their digests.
        parser: The means.
        version: Airflow's.
        failure: Why Airflow does not even start, as a traceback; None where it does.
        known: Keys of files that need not be parsed.
        wanted: How many files are to be parsed.
        done: Whether the driver has come to its end.
        fresh: How many files were parsed.
        underway: Keys of files that were begun and not finished.
    """

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
        """Parse the files of a bundle; return why the runtime lacks the requirements, None where it has them.

        Raises:
            ProjectError: The runtime cannot be built, or the driver ended before the last file.
        """
        _refuse_undecodable(bundle.root)
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


def _refuse_undecodable(root: Path) -> None:
    """Refuse a project in whose folder, where its packages lie, Airflow would not start."""
    path = os.fsencode(root.resolve())
    try:
        path.decode()
    except UnicodeDecodeError as error:
        shown = path.decode(errors="backslashreplace")
        message = f"the DAG files could not be parsed: the path of the project is not UTF-8: `{shown}`"
        hint = "rename that folder, since Airflow does not start in it; `mwaactl check --static` needs none"
        raise ProjectError(message, hint=hint, code=CODE) from error


def _key(name: str) -> str:
    """Return what the driver calls a file as a path below the project's root."""
    return name if name == PLUGINS else f"dags/{name}"
