"""What is asked of Airflow: which files it would parse, and what is in one of them."""

import ast
import contextlib
import importlib
import importlib.util
import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from airflow.configuration import conf

# Characters of a traceback that are kept at its beginning, where the frames are, and at its end.
_KEPT = 50_000
# Airflow's own name for the bundle of the DAG folder.
_BUNDLE = "dags-folder"


def list_files(dags: str) -> list[str]:
    """Return the files that Airflow would parse, as paths below the DAG folder."""
    try:
        registry = importlib.import_module("airflow.dag_processing.importers").get_importer_registry()
        paths = registry.list_dag_files(dags, safe_mode=_safe_mode())
    except ImportError:
        files = importlib.import_module("airflow.utils.file")
        paths = files.list_py_file_paths(dags, safe_mode=_safe_mode())
    return sorted(Path(path).relative_to(dags).as_posix() for path in paths)


def process_timeout() -> float:
    """Return the seconds after which Airflow kills the process that parses a file."""
    section = "dag_processor" if _version() >= (3,) else "core"
    return min(float(conf.get(section, "dag_file_processor_timeout", fallback="50")), 600.0)


def import_ahead(dags: str, files: Sequence[str]) -> None:
    """Import what the files take from Airflow, so that their processes need not.

    The DAG processor does the same with the modules; the names are taken as well, because `airflow.sdk`
    imports what is behind them only then.
    """
    _dagbag_class()
    for module, name in {pair for file in files for pair in _taken_from_airflow(Path(dags, file))}:
        with contextlib.suppress(Exception):
            getattr(importlib.import_module(module), name, None)


def import_modules(names: Iterable[str]) -> None:
    """Import modules of Airflow that the first file's process turned out to need."""
    for name in sorted(names):
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def check_plugins(guard: Any) -> dict[str, Any]:  # noqa: ANN401  a neighbour's class
    """Load the plugins; return why which could not be loaded."""
    module = importlib.import_module("airflow.plugins_manager")
    module.ensure_plugins_loaded()
    errors = module.get_import_errors() if hasattr(module, "get_import_errors") else module.import_errors
    found = [_plugin_error(str(path), str(text)) for path, text in errors.items()]
    return {"errors": found, "accesses": guard.accesses}


def parser(job: dict[str, Any], file: str, seconds: Callable[[], float]) -> Callable[[Any], dict[str, Any]]:
    """Return what parses one file in a process that is its own, given the guard of that process.

    Args:
        job: The job.
        file: The file, as a path below the DAG folder.
        seconds: Tells the time.
    """

    def parse(guard: Any) -> dict[str, Any]:  # noqa: ANN401  a neighbour's class
        before = set(sys.modules)
        if _version() >= (3,):
            _be_a_dag_processor(guard)
        path = str(Path(job["dags"], file))
        started = seconds()
        bag, seen = _bag(job["dags"])
        bag.process_file(path, only_if_updated=False, safe_mode=_safe_mode())
        taken = seconds() - started
        errors = [{"path": str(name), "text": shortened(text)} for name, text in bag.import_errors.items()]
        errors += _serialised(bag)
        known, written = frozenset(job["operators"]), _written(path, bag)
        return {
            "seconds": taken,
            "dags": [
                _dag(dag, max(seen.count(dag.dag_id), written[dag.dag_id]), known)
                for dag in bag.dags.values()
            ],
            "assets": [told for dag in bag.dags.values() for told in _assets(dag)],
            "bagged": sorted(set(seen)),
            "errors": errors,
            "accesses": guard.accesses,
            "reads": sorted(guard.reads),
            "modules": [name for name in sys.modules.keys() - before if name.startswith("airflow.")],
        }

    return parse


def shortened(text: str) -> str:
    """Return a traceback without what nobody reads: a message may be of any length."""
    return text if len(text) <= 2 * _KEPT else f"{text[:_KEPT]}…{text[-_KEPT:]}"


def _taken_from_airflow(file: Path) -> set[tuple[str, str]]:
    """Return the modules of Airflow that a file names at its top, and what it takes from them."""
    found: set[tuple[str, str]] = set()
    with contextlib.suppress(OSError, SyntaxError, ValueError, RecursionError):
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {(node.module, alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                found |= {(alias.name, "__name__") for alias in node.names}
    return {pair for pair in found if pair[0].partition(".")[0] == "airflow"}


def _version() -> tuple[int, ...]:
    version = str(importlib.import_module("airflow").__version__)
    return tuple(int(part) for part in version.split(".")[:2])


def _safe_mode() -> bool:
    return bool(conf.getboolean("core", "dag_discovery_safe_mode", fallback=True))


def _dagbag_class() -> Any:  # noqa: ANN401  Airflow's
    try:
        return importlib.import_module("airflow.dag_processing.dagbag").DagBag
    except ImportError:
        return importlib.import_module("airflow.models.dagbag").DagBag


def _bag(dags: str) -> tuple[Any, list[str]]:
    """Make an empty bag, and the list in which it notes every DAG that is put into it."""
    seen: list[str] = []
    base = _dagbag_class()

    class NotingDagBag(base):  # type: ignore[misc, valid-type]
        def bag_dag(self, dag: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401  Airflow's
            seen.append(dag.dag_id)
            return super().bag_dag(dag, *args, **named)

    options: dict[str, Any] = {"collect_dags": False, "load_op_links": False}
    if _version() >= (3,):
        options["bundle_path"] = Path(dags)
    if _version() >= (3, 2):
        options["bundle_name"] = _BUNDLE
    if dags not in sys.path:
        sys.path.append(dags)
    return NotingDagBag(dag_folder=dags, **options), seen


def _written(path: str, bag: Any) -> Counter[str]:  # noqa: ANN401  Airflow's
    """Count the DAGs by id that stand in a module: Airflow takes those with the same tasks for one."""
    kinds = {type(dag) for dag in bag.dags.values()}
    spaces = [getattr(module, "__dict__", None) for module in list(sys.modules.values())]
    own = [space for space in spaces if isinstance(space, dict) and space.get("__file__") == path]
    dags = {id(each): each for space in own for each in space.values() if type(each) in kinds}
    return Counter(str(dag.dag_id) for dag in dags.values())


def _serialised(bag: Any) -> list[dict[str, Any]]:  # noqa: ANN401  Airflow's
    """Serialise every DAG, as Airflow does after parsing; what fails becomes an import error."""
    module = importlib.import_module("airflow.serialization.serialized_objects")
    kind = getattr(module, "DagSerialization", None) or module.SerializedDAG
    errors = []
    for dag in bag.dags.values():
        try:
            kind.to_dict(dag)
        except Exception:  # noqa: BLE001  as Airflow does
            errors.append({"path": dag.fileloc, "text": shortened(traceback.format_exc()), "dag": dag.dag_id})
    return errors


def _dag(dag: Any, times: int, known: frozenset[str]) -> dict[str, Any]:  # noqa: ANN401  Airflow's
    tasks = list(dag.tasks)
    notable = (found for task in tasks if (found := _task(task, known)))
    return {"id": dag.dag_id, "tasks": len(tasks), "times": times, "notable": list(notable)}


def _assets(dag: Any) -> list[dict[str, Any]]:  # noqa: ANN401  Airflow's
    """Return what the tasks of a DAG tell of the assets that they make; the extra of an asset is JSON."""
    outlets = (outlet for task in dag.tasks for outlet in getattr(task, "outlets", None) or ())
    extras = (getattr(outlet, "extra", None) for outlet in outlets)
    told = (extra.get("typed_assets") for extra in extras if isinstance(extra, dict))
    return [each for each in told if isinstance(each, dict)]


def _task(task: Any, known: frozenset[str]) -> dict[str, Any] | None:  # noqa: ANN401  Airflow's
    """Return what is special about a task; None for most."""
    kind = getattr(task, "operator_class", None)
    bases = (kind if isinstance(kind, type) else type(task)).__mro__
    queue = getattr(task, "queue", None)
    found = {
        "queue": queue if queue != conf.get("operators", "default_queue") else None,
        "executor": _argument(task, "executor"),
        "in_cluster": _argument(task, "in_cluster"),
        "deferrable": bool(_argument(task, "deferrable")) or bool(_argument(task, "start_from_trigger")),
        "operators": [name for base in bases if (name := f"{base.__module__}.{base.__qualname__}") in known],
    }
    return {"id": task.task_id, **found} if any(found.values()) else None


def _argument(task: Any, name: str) -> Any:  # noqa: ANN401  Airflow's
    """Return an argument of an operator, mapped or not, where it is a plain value."""
    given = getattr(task, "partial_kwargs", {}).get(name)
    value = given if given is not None else getattr(task, name, None)
    return value if isinstance(value, (str, bool)) else None


def _plugin_error(path: str, text: str) -> dict[str, Any]:
    """Import a plugin's file once more to learn where it fails: Airflow keeps the message only."""
    if os.path.isfile(path):  # noqa: PTH113  an entry point has no path
        spec = importlib.util.spec_from_file_location("_mwaactl_plugin", path)
        if spec and spec.loader:
            try:
                spec.loader.exec_module(importlib.util.module_from_spec(spec))
            except Exception:  # noqa: BLE001  the user's code
                text = traceback.format_exc()
    return {"path": path, "text": shortened(text)}


def _be_a_dag_processor(guard: Any) -> None:  # noqa: ANN401  a neighbour's class
    """Do what Airflow 3 does in the process that parses: no database, and questions go to the supervisor."""
    importlib.import_module("airflow.settings")
    supervisor = importlib.import_module("airflow.sdk.execution_time.supervisor")
    supervisor.block_orm_access()
    runner = importlib.import_module("airflow.sdk.execution_time.task_runner")
    runner.__dict__["SUPERVISOR_COMMS"] = _Supervisor(guard)


class _Supervisor:
    """Stands for the process that answers for variables and connections; it has none."""

    def __init__(self, guard: Any) -> None:  # noqa: ANN401  a neighbour's class
        self._guard = guard
        self._comms = importlib.import_module("airflow.sdk.execution_time.comms")

    def send(self, message: Any) -> Any:  # noqa: ANN401  Airflow's
        """Answer as the supervisor does where nothing is there."""
        name = type(message).__name__
        if name == "MaskSecret":
            return None
        for word in ("variable", "connection"):
            if word.capitalize() in name:
                self._guard.record(word, getattr(message, "key", None) or getattr(message, "conn_id", ""))
                return self._comms.ErrorResponse(error=f"{word.upper()}_NOT_FOUND", detail={"name": name})
        return self._comms.ErrorResponse(error="GENERIC_ERROR", detail={"name": name})

    async def asend(self, message: Any) -> Any:  # noqa: ANN401  Airflow's
        """Answer the same to coroutines."""
        return self.send(message)
