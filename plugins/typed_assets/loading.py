"""Loads pipelines that are written in YAML: one DAG file of two lines for a whole folder of them.

    from airflow.sdk import DAG
    from typed_assets.loading import load_pipelines

    load_pipelines(globals(), "pipelines", mistakes_in="pipelines_mistakes.py")

Airflow counts an import error against a Python file, and then takes every DAG of that file out of service
(`_update_import_errors` in airflow/dag_processing/collection.py sets `is_stale`). So a second DAG file
reports what is wrong with the YAML files, and the DAGs of those that are right stay:

    from typed_assets.loading import report_mistakes

    report_mistakes(globals(), "pipelines")

Without the second file the first one reports the mistakes itself, and none of its DAGs loads: nothing
vanishes silently.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from importlib import import_module
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any

from typed_assets.beside import Place, files_below, place_beside
from typed_assets.building import build
from typed_assets.building.versions import running
from typed_assets.installed_operators import InstalledOperators
from typed_assets.scheduling.dispatch import SUFFIX
from typed_assets.spec.errors import SpecError
from typed_assets.spec.pipelines import OperatorStep, Pipeline
from typed_assets.yaml.loops import MARK
from typed_assets.yaml.reading import Reader, is_pipeline
from typed_assets.yaml.references import Folder
from typed_assets.yaml.values import Imported


class PipelineMistakesError(Exception):
    """What is wrong with the files of a folder, a line for each mistake.

    Attributes:
        mistakes: with their places.
    """

    def __init__(self, mistakes: Sequence[SpecError]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(["", *(each.sentence for each in self.mistakes)]))


def load_pipelines(names: MutableMapping[str, Any], folder: str, *, mistakes_in: str | None = None) -> None:
    """Make the DAGs of all pipelines below a folder, under their ids.

    When a task starts, Airflow parses the DAG file once more for that one DAG; then only its pipeline is
    read and made (https://airflow.apache.org/docs/apache-airflow/stable/howto/dynamic-dag-generation.html).

    Args:
        names: `globals()` of the DAG file.
        folder: path of the folder beside the DAG file, with `/`.
        mistakes_in: the name of the DAG file beside it that calls `report_mistakes`; without it, a mistake
            in one file keeps all from loading.

    Raises:
        PipelineMistakesError: there are mistakes and nobody else reports them, or Airflow itself refuses
            what reads well.
    """
    from airflow.sdk import get_parsing_context

    beside, reader, files = _opened(names, folder)
    wanted = get_parsing_context().dag_id
    wanted = wanted and wanted.removesuffix(SUFFIX)  # the DAG that starts its partitions is made with it
    if wanted is not None:
        pipelines, mistakes = _only(wanted, reader, files)
    else:
        reading = reader.read_all(files)
        reported = mistakes_in is not None and _reports(beside / mistakes_in)
        pipelines, mistakes = reading.pipelines, () if reported else reading.mistakes
    refused = [*mistakes, *_made(pipelines, names)]
    if refused:
        raise PipelineMistakesError(refused)


def report_mistakes(names: MutableMapping[str, Any], folder: str) -> None:
    """Raise what is wrong with the pipelines below a folder, so that Airflow lists it as an import error.

    Args:
        names: `globals()` of the DAG file.
        folder: as for `load_pipelines`.

    Raises:
        PipelineMistakesError: there are mistakes.
    """
    _, reader, files = _opened(names, folder)
    if mistakes := reader.read_all(files).mistakes:
        raise PipelineMistakesError(mistakes)
    if running() < (3, 2):
        _clear(names, folder)


def _clear(names: MutableMapping[str, Any], folder: str) -> None:
    """Make a DAG without tasks: before 3.2, Airflow forgets a file's import error only if it has a DAG."""
    from airflow.sdk import DAG

    name = f"{folder.strip('/').replace('/', '_')}_without_mistakes"
    names[name] = DAG(name, schedule=None, doc_md=f"Is here while the pipelines in `{folder}` are right.")


def _opened(names: Mapping[str, Any], folder: str) -> tuple[Place, Reader, list[str]]:
    """Return where the DAG file lies, a reader for the folder, and the files that hold pipelines."""
    beside = place_beside(str(names["__file__"]))
    root = PurePosixPath(folder).as_posix()
    if not (beside / root).is_dir():
        message = f"there is no folder `{folder}` beside `{names['__file__']}`"
        raise SpecError(message, hint="name it relative to the DAG file")
    files = sorted(file for file in files_below(beside, root) if is_pipeline(file, root))
    return beside, Reader(folder_at(beside), root, InstalledOperators()), files


def folder_at(beside: Place) -> Folder:
    """Return the files that lie beside a DAG file and below."""

    def read(file: str) -> bytes | None:
        try:
            return (beside / file).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def names(folder: str) -> list[str]:
        path = beside / folder
        return sorted(each.name for each in path.iterdir()) if path.is_dir() else []

    return Folder(read, names, lambda file: str(beside / file))


def _reports(file: Place) -> bool:
    return file.is_file() and b"report_mistakes(" in file.read_bytes()


def _only(
    wanted: str, reader: Reader, files: Sequence[str]
) -> tuple[Sequence[Pipeline], Sequence[SpecError]]:
    """Return the pipeline with an id, from the first file that has it; or the mistakes of those that may."""
    mistakes: list[SpecError] = []
    for file in _likely(wanted, reader.folder, files):
        reading = reader.read(file, wanted)
        if reading.pipelines:
            return reading.pipelines, ()
        mistakes += reading.mistakes
    return (), mistakes


def _likely(wanted: str, folder: Folder, files: Sequence[str]) -> Iterator[str]:
    """Yield files that may hold a pipeline: those of its name, that name it, that make ids."""
    named = [file for file in files if PurePosixPath(file).name.partition(".")[0] == wanted]
    yield from named
    others = [(file, folder.read(file) or b"") for file in files if file not in named]
    yield from (file for file, content in others if wanted.encode() in content)
    marks = (MARK.encode(), b"\\")
    yield from (
        file
        for file, content in others
        if wanted.encode() not in content and any(mark in content for mark in marks)
    )


def _made(pipelines: Sequence[Pipeline], names: MutableMapping[str, Any]) -> Iterator[SpecError]:
    """Make the DAGs; yield why Airflow refuses one."""
    for pipeline in pipelines:
        try:
            names[pipeline.id] = build(_imported(pipeline))
        except SpecError as error:
            yield error if error.place else SpecError(error.message, hint=error.hint, place=pipeline.place)
        except Exception as error:  # noqa: BLE001 - Airflow and operators raise what they like
            yield SpecError(f"Airflow refuses it: {type(error).__name__}: {error}", place=pipeline.place)


def _imported(pipeline: Pipeline) -> Pipeline:
    """Return a pipeline with functions where names of functions were."""
    return replace(
        pipeline,
        steps=tuple(_step(step) if isinstance(step, OperatorStep) else step for step in pipeline.steps),
        arguments=_resolved(pipeline.arguments),
        default_arguments=_resolved(pipeline.default_arguments),
        on_failure=tuple((name, _resolved(arguments)) for name, arguments in pipeline.on_failure),
    )


def _step(step: OperatorStep) -> OperatorStep:
    return replace(step, arguments=_resolved(step.arguments), expand=_resolved(step.expand))


def _resolved(value: Any) -> Any:  # noqa: ANN401 - whatever an operator takes
    if isinstance(value, Imported):
        return _function(value)
    if isinstance(value, Mapping):
        return {name: _resolved(part) for name, part in value.items()}
    return [_resolved(part) for part in value] if isinstance(value, list) else value


def _function(value: Imported) -> Any:  # noqa: ANN401 - what is imported
    try:
        return attrgetter(value.name)(import_module(value.module))
    except (ImportError, AttributeError) as error:
        message = f"`{value.module}:{value.name}` cannot be imported: {error}"
        raise SpecError(message) from error
