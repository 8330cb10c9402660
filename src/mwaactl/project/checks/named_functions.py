"""Functions that pipelines in YAML name, and the modules of the DAG folder do not have.

What makes an asset, or checks it, is imported only when its task runs: nobody would hear of it before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaactl.project.bundle import read_dag_file
from mwaactl.project.module_names import module_of
from typed_assets.spec.asset_rules import SQL
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.pipelines import AssetStep, Step
from typed_assets.yaml.values import Imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.project.bundle import Bundle
    from mwaactl.project.dag_files import DagFile
    from mwaactl.project.source_facts import SourceFacts
    from typed_assets.spec.pipelines import Pipeline

_STAR = re.compile(rb"import\s*\(?\s*\*")


class NamedFunctions:
    """Knows the modules of the DAG folder; those of packages and of the plugins folder are not judged."""

    def __init__(self, bundle: Bundle) -> None:
        plugins = {file.name.partition("/")[0].removesuffix(".py") for file in bundle.plugin_files}
        self._files = {module_of(dag.key): dag for dag in bundle.dags if dag.facts is not None}
        self._tops = {name.partition(".")[0] for name in self._files} - plugins

    def faults(self, pipeline: Pipeline) -> Iterator[SpecError]:
        """Yield what is wrong with each function that a pipeline names, with the place of its step.

        Raises:
            ProjectError: A file changed or vanished.
        """
        for step in pipeline.steps:
            for module, name in _named(step):
                if (fault := self._fault(module, name)) is not None:
                    yield SpecError(fault.message, hint=fault.hint, place=step.place)

    def _fault(self, module: str, name: str) -> SpecError | None:
        if module.partition(".")[0] not in self._tops:
            return None
        file = self._files.get(module)
        if file is None or file.facts is None:
            hint = nearest(module, self._files) or "name it as a DAG file would import it"
            return SpecError(f"there is no module `{module}` in dags/", hint=hint)
        names, first = (*file.facts.names.sure, *file.facts.names.perhaps), name.partition(".")[0]
        if first in names or _may_have_more(file, file.facts):
            return None
        return SpecError(f"module `{module}` has no function `{name}`", hint=nearest(name, names))


def _may_have_more(file: DagFile, facts: SourceFacts) -> bool:
    """Whether a module may have names that its text does not tell."""
    return not facts.parsed or facts.names.dynamic or _STAR.search(read_dag_file(file)) is not None


def _named(step: Step) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each function that a step names."""
    if not isinstance(step, AssetStep):
        yield from _imported([step.arguments, step.expand])
        return
    runs = (check.run for asset in step.assets for check in asset.checks)
    for text in (step.make, *runs):
        if isinstance(text, str) and not text.endswith(SQL):
            module, _, name = text.partition(":")
            yield module, name


def _imported(value: object) -> Iterator[tuple[str, str]]:
    match value:
        case Imported(module, name):
            yield module, name
        case dict():
            yield from _imported(list(value.values()))
        case list():
            for part in value:
                yield from _imported(part)
