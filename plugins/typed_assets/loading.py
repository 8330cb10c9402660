"""Loads pipelines that are written in YAML: one DAG file of two lines for a whole folder of them.

    from airflow.sdk import DAG
    from typed_assets.loading import load_pipelines

    load_pipelines(globals(), "pipelines", mistakes_in="pipelines_mistakes.py")

Airflow counts an import error against a Python file, and then takes every DAG of that file out of service
(`_update_import_errors` in airflow/dag_processing/collection.py sets `is_stale`). So a second DAG file
reports what is wrong with the YAML files, and the DAGs of those that are right stay:

    from typed_assets.loading import report_mistakes

    report_mistakes(globals(), "pipelines")

What only the constructor of an operator refuses comes out when it is called. So the second file makes all
DAGs too, and Airflow gets none of them. Without the second file the first one reports the mistakes itself,
and none of its DAGs loads: nothing vanishes silently.
"""

from collections.abc import MutableMapping, Sequence
from typing import Any

from typed_assets.beside import Place
from typed_assets.building.dags import dags_of
from typed_assets.building.versions import running
from typed_assets.garbage import collecting_later
from typed_assets.imported_values import imported
from typed_assets.pipeline_folders import only, pipeline_folder
from typed_assets.pipeline_mistakes import keep, kept, read_all
from typed_assets.spec.errors import SpecError
from typed_assets.spec.pipelines import DISPATCHER
from typed_assets.yaml.reading import Reading


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
        PipelineMistakesError: there are mistakes and nobody else reports them.
    """
    from airflow.sdk import get_parsing_context

    found = pipeline_folder(names, folder)
    wanted = get_parsing_context().dag_id
    with collecting_later():
        if wanted is not None:  # the DAG that starts its partitions is made with it
            mistakes = _load(only(wanted.removesuffix(DISPATCHER), found), names)
        else:
            reading, seen = read_all(found)
            mistakes = _load(reading, names)
            if mistakes_in is not None and _reports(found.beside / mistakes_in):
                keep(found, seen, mistakes)
                return
    if mistakes:
        raise PipelineMistakesError(mistakes)


def report_mistakes(names: MutableMapping[str, Any], folder: str) -> None:
    """Raise what is wrong with the pipelines below a folder, so that Airflow lists it as an import error.

    Args:
        names: `globals()` of the DAG file.
        folder: as for `load_pipelines`.

    Raises:
        PipelineMistakesError: there are mistakes.
    """
    found = pipeline_folder(names, folder)
    with collecting_later():
        mistakes = kept(found)
        if mistakes is None:
            mistakes = _load(read_all(found)[0], {})
    if mistakes:
        raise PipelineMistakesError(mistakes)
    if running() < (3, 2):
        _clear(names, folder)


def _clear(names: MutableMapping[str, Any], folder: str) -> None:
    """Make a DAG without tasks: before 3.2, Airflow forgets a file's import error only if it has a DAG."""
    from airflow.sdk import DAG

    name = f"{folder.strip('/').replace('/', '_')}_without_mistakes"
    names[name] = DAG(name, schedule=None, doc_md=f"Is here while the pipelines in `{folder}` are right.")


def _reports(file: Place) -> bool:
    return file.is_file() and b"report_mistakes(" in file.read_bytes()


def _load(reading: Reading, names: MutableMapping[str, Any]) -> tuple[SpecError, ...]:
    """Make the DAGs of pipelines, under their ids; return what is wrong, with what Airflow refuses."""
    refused = []
    for pipeline in reading.pipelines:
        try:
            names.update((dag.dag_id, dag) for dag in dags_of(imported(pipeline), registered=False))
        except SpecError as error:
            placed = error.place or pipeline.place
            refused.append(SpecError(error.message, hint=error.hint, place=placed))
        except Exception as error:  # noqa: BLE001 - Airflow and operators raise what they like
            message = f"Airflow refuses it: {type(error).__name__}: {error}"
            refused.append(SpecError(message, place=pipeline.place))
    return (*reading.mistakes, *refused)
